import numpy as np
import pytest
from ase.data.vdw_alvarez import vdw_radii
from ase.neighborlist import neighbor_list

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.crystals.cations import RULES
from heterobuild.crystals.library import list_crystals, load_phase
from heterobuild.crystals.rolls import roll_molecules

HYBRIDS = [e.name for e in list_crystals("abx3") if e.formula.startswith(("MA", "FA"))]


def halide_contacts(atoms):
    """Return H...X over the van der Waals sum, for H on N and on C."""
    first, second, lengths = neighbor_list("ijd", atoms, 4.0)
    numbers = atoms.numbers
    bonded = (numbers[first] == 1) & np.isin(numbers[second], (6, 7)) & (lengths < 1.2)
    parent = np.zeros(len(atoms), dtype=int)
    parent[first[bonded]] = numbers[second[bonded]]
    contact = (numbers[first] == 1) & np.isin(numbers[second], (17, 35, 53))
    ratio = lengths / (vdw_radii[1] + vdw_radii[numbers[second]])
    return tuple(ratio[contact & (parent[first] == z)].min(initial=9) for z in (7, 6))


@pytest.mark.parametrize("name", HYBRIDS)
@pytest.mark.parametrize("rule", RULES)
def test_hydrogens_do_not_touch_halides(name, rule):
    for seed in range(3 if rule == "random" else 1):
        on_nitrogen, on_carbon = halide_contacts(load_phase(name, cations=rule, seed=seed).atoms)
        assert on_nitrogen > 0.70
        assert on_carbon > 0.80


@pytest.mark.parametrize("name", ["MAPbCl3_cubic", "MAPbBr3_cubic", "MAPbI3_cubic"])
def test_ammonium_points_to_halides(name):
    """Hydrogen bonds N-H...X in hybrid perovskites are shorter than the van der Waals sum."""
    assert halide_contacts(load_phase(name).atoms)[0] < 0.95


def laid(obstacles, numbers, pbc=(True, True, True), count=1):
    body = load_molecule("MA")
    return roll_molecules(
        body,
        np.full((count, 3), 3.0),
        np.zeros(count, dtype=np.int64),
        directions=np.eye(3)[:1],
        frame=np.eye(3),
        obstacles=(np.array(obstacles, dtype=float).reshape(-1, 3), np.array(numbers, dtype=int)),
        cell=6.0 * np.eye(3),
        pbc=np.array(pbc),
        rng=None,
    )


def test_without_halides_the_smallest_roll_is_taken():
    np.testing.assert_allclose(laid([], [])[0], load_molecule("MA").positions, atol=1e-12)


def test_a_hydrogen_of_the_head_turns_to_a_single_halide():
    body = load_molecule("MA")
    halide = np.array([4.3, 3.0, 6.2])
    positions = laid([halide], [17], pbc=(False, False, False))[0] + 3.0
    hydrogen = (body.numbers == 1) & (body.positions[:, 0] > 0)
    nearest = np.linalg.norm(positions[hydrogen] - halide, axis=1).argmin()
    arm = positions[hydrogen][nearest] - positions[body.numbers == 7][0]
    turn = np.degrees(np.arccos(arm[2] / np.linalg.norm(arm[1:])))
    assert turn < 15.1  # one step


def test_many_molecules_with_a_tree_agree_with_few(monkeypatch):
    crystal = load_phase("MAPbI3_orthorhombic", cations="dipole-cancelled")
    monkeypatch.setattr("heterobuild.crystals.rolls._BRUTE_FORCE", 0)
    monkeypatch.setattr("heterobuild.crystals.rolls._BATCH", 3)
    again = load_phase("MAPbI3_orthorhombic", cations="dipole-cancelled")
    np.testing.assert_allclose(again.atoms.positions, crystal.atoms.positions, atol=1e-12)
