import numpy as np
import pytest

from heterobuild import CoreShell, Vertical, cut_slab, load_crystal
from heterobuild.architectures.embedded import Embedded
from heterobuild.defects.units import rigid_table
from heterobuild.defects.walls import wall_distances
from heterobuild.particles.options import ParticleShape


@pytest.fixture(scope="session")
def stack():
    """CsPbBr3 on MAPbCl3, two cells along each in-plane vector."""
    film = cut_slab(load_crystal("CsPbBr3_cubic"), (0, 0, 1), layers=3, bottom="CsBr", top="CsBr")
    substrate = cut_slab(
        load_crystal("MAPbCl3_cubic"), (0, 0, 1), layers=3, cations="dipole-cancelled"
    )
    return Vertical(repeat=(2, 2)).build(film, substrate, name="stack", seed=1)


@pytest.fixture(scope="session")
def dot():
    """A CsPbI3 dot of 3 x 3 x 3 octahedra in CsPbBr3, 6 x 6 x 6 octahedra."""
    crystals = load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic")
    options = Embedded(shape=ParticleShape(kind="cube", octahedra=3), cells=6)
    return options.build(*crystals, name="dot", seed=1)


@pytest.fixture(scope="session")
def particle():
    """An FAPbBr3 core under a shell of CsPbBr3."""
    crystals = load_crystal("FAPbBr3_cubic"), load_crystal("CsPbBr3_cubic")
    options = CoreShell(shape=ParticleShape(kind="cube", octahedra=3), layers=(1,))
    return options.build(*crystals, names=("core", "shell"), name="particle", seed=1)


@pytest.fixture(scope="session", params=["stack", "dot", "particle"])
def model(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def table():
    """Return a function that gives the rigid units of a model and their distances from the wall."""

    def table(built):
        units = rigid_table(built)
        return units, wall_distances(built, units)

    return table


@pytest.fixture
def shortest():
    """Return a function that gives the length of the shortest image of a vector."""

    def shortest(vector, atoms):
        steps = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3), axis=-1).reshape(-1, 3) * atoms.pbc
        images = vector + steps @ atoms.cell.array
        return np.linalg.norm(images, axis=1).min()

    return shortest
