import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.deposition.bodies import Carving, carved_body
from heterobuild.deposition.orientations import turned_bodies
from heterobuild.particles.options import ParticleShape
from heterobuild.slabs import cut_slab


@pytest.fixture(scope="session")
def bromide():
    return load_crystal("CsPbBr3_cubic")


@pytest.fixture(scope="session")
def film(bromide):
    return cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=2, bottom="CsI", top="PbI2")


@pytest.fixture
def carving():
    def make(**options):
        plain = {
            "shape": ParticleShape(octahedra=2),
            "facet": None,
            "termination": "AX",
            "neutrality": "auto",
            "ligands": {},
            "coverage": 1.0,
            "cations": "random",
        }
        return Carving(**(plain | options))

    return make


@pytest.fixture
def body(bromide, carving):
    return carved_body(bromide, carving(), seed=0)


@pytest.fixture
def turns(body):
    def make(count=1, kind="aligned", turn=0.0, bodies=None, seed=0):
        return turned_bodies(bodies or [body], count, kind, turn, np.array([1.0, 0.0]), seed=seed)

    return make
