import numpy as np
import pytest

from heterobuild.architectures.deposited import Deposited
from heterobuild.ligands.moments import formal_dipole
from heterobuild.particles.options import ParticleShape


@pytest.fixture(scope="module")
def built(bromide, film):
    options = Deposited(shape=ParticleShape(octahedra=2), count=(2, 1), turn=23.0)
    return options.build(bromide, film, seed=0)


def values(built, name):
    return next(step.values for step in built.steps if step.name == name)


def test_the_array(built):
    array = values(built, "array")
    cell = np.asarray(built.atoms.cell)
    assert array["particles"] == 2
    assert array["pitch_A"][0] * 2 == pytest.approx(cell[0, 0])
    assert array["film_area_A2"] == pytest.approx(cell[0, 0] * cell[1, 1])
    # two squares with edges of two octahedra
    assert array["covered_fraction"] == pytest.approx(
        2 * (2 * 5.874) ** 2 / array["film_area_A2"], rel=1e-3
    )


def test_the_contact(built):
    contact = values(built, "contact")
    atoms = built.atoms
    region, charge = atoms.arrays["region"], atoms.arrays["formal_charge"]
    away = atoms.get_all_distances(mic=True)
    opposite = (region[:, None] == 1) & (region == 2) & (charge[:, None] * charge < 0)
    assert contact["nearest_A"]["opposite"] == pytest.approx(away[opposite].min(), abs=1e-5)
    z = atoms.positions[:, 2]
    assert contact["outermost_atoms_A"][0] == pytest.approx(
        z[region == 2].min() - z[region == 1].max(), abs=1e-5
    )
    metals = atoms.positions[(region == 2) & (atoms.numbers == 82)]
    for centre, own in zip(contact["centres_A"], metals.reshape(2, 8, 3), strict=True):
        assert own.mean(axis=0) == pytest.approx(centre, abs=1e-3)


def test_the_dipole_is_that_of_the_model(built):
    assert values(built, "dipole")["total_e_A"] == pytest.approx(
        formal_dipole(built.atoms)[2], abs=1e-5
    )


def test_the_turn_is_told(built):
    orientation = values(built, "orientation")
    assert orientation["turns_deg"] == pytest.approx([23.0, 23.0])
    assert len(orientation["rotations"]) == 2
