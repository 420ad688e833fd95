import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import units
from heterobuild.slabs import list_terminations, stack_planes
from heterobuild.slabs.aristotype import ideal_heights

TILTED = ["CsPbBr3_orthorhombic", "CsSnI3_gamma", "CsPbI3_gamma", "MAPbI3_orthorhombic"]


def heights_of(name):
    crystal = load_crystal(name)
    atoms = crystal.require_atoms()
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    return ideal_heights(crystal, atoms, centres, unit, np.eye(3)), centres


@pytest.mark.parametrize("name", TILTED)
def test_ideal_heights_are_near_the_actual_ones_and_evenly_spaced(name):
    ideal, centres = heights_of(name)
    assert np.abs(ideal - centres[:, 2]).max() < 1.5
    c = load_crystal(name).cell[2, 2]
    steps = np.unique(np.round(np.mod(ideal - ideal.min(), c) / c * 4, 6))
    assert set(steps.tolist()) <= {0.0, 1.0, 2.0, 3.0, 4.0}


@pytest.mark.parametrize("name", ["CsPbI3_delta", "Cs4PbBr6", "PEA2PbI4", "NaCl"])
def test_no_ideal_heights_without_the_perovskite(name):
    assert heights_of(name)[0] is None


@pytest.mark.parametrize("name", TILTED)
@pytest.mark.parametrize(
    ("face", "planes"),
    [
        ("001pc", [{"A", "X"}, {"B", "X2"}]),
        ("100pc", [{"A", "X"}, {"B", "X2"}]),
        ("110pc", [{"A", "B", "X"}, {"X2"}]),
        ("111pc", [{"A", "X3"}, {"B"}]),
    ],
)
def test_tilted_phases_have_the_planes_of_the_cubic_one(name, face, planes):
    crystal = load_crystal(name)
    site = {crystal.formula[:2]: "A", "Pb": "B", "Sn": "B", "Br": "X", "I": "X"}
    found = []
    for plane in stack_planes(crystal, face).terminations:
        from heterobuild.chemistry.formulas import expand_formula

        counts = expand_formula(plane.formula)
        least = min(counts.values())
        found.append({site[k] + (str(n // least) if n > least else "") for k, n in counts.items()})
    wanted = [{"X"} if plane == {"X2"} else plane for plane in planes]
    assert all(plane in wanted for plane in found)
    assert {frozenset(plane) for plane in found} == {frozenset(plane) for plane in wanted}


def test_a_tolerance_asked_for_wins():
    crystal = load_crystal("CsPbBr3_orthorhombic")
    assert len(list_terminations(crystal, "001")) == 2
    assert len(list_terminations(crystal, "001", tolerance=0.05)) > 4
