from __future__ import annotations

import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.assembly.capping import add_organics
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import NothingFitsError, UsageError

VDW = {1: 1.2, 6: 1.7, 7: 1.55, 8: 1.52, 35: 1.85, 53: 1.98, 55: 1.88, 82: 1.19}
"""Radii after Bondi and Alvarez's predecessors in Å; those of Cs and Pb are ionic."""

CHESS = [[1, 1], [-1, 1]]


def closest(atoms):
    i, j, d, image = neighbor_list("ijdS", atoms, 3.8)
    ids = atoms.arrays["molecule"]
    between = ((ids[i] > 0) | (ids[j] > 0)) & ((ids[i] != ids[j]) | image.any(axis=1))
    radii = np.array([VDW.get(z, 2.0) for z in range(100)])
    polar = np.isin(atoms.numbers, (7, 8))
    bonded = neighbor_list("ij", atoms, 1.15)
    acidic = np.zeros(len(atoms), dtype=bool)
    acidic[bonded[0][polar[bonded[1]]]] = True
    limit = np.where(acidic[i] | acidic[j], 0.7, 0.8)
    ratio = d / (radii[atoms.numbers[i]] + radii[atoms.numbers[j]])
    return float((ratio - limit)[between].min())


@pytest.mark.parametrize("name", ["PEA", "BA", "PMA", "NMA", "5AVA", "R-MBA"])
@pytest.mark.parametrize("face", ["top", "bottom"])
def test_a_closed_layer_is_neutral_and_touches_nothing(bare, name, face):
    part = bare("CsPbBr3_cubic", CHESS, **{face: {name: 1.0}})
    atoms, molecules, (step,) = add_organics(part)
    assert molecules[-1].name == name
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(
        part.atoms.arrays["formal_charge"].sum(), abs=1e-9
    )
    assert (atoms.numbers == 55).sum() == (part.atoms.numbers == 55).sum() - 2
    assert step.values["counts"] == {name: 2}
    assert closest(atoms) > -0.005


@pytest.mark.parametrize("face", ["top", "bottom"])
def test_heads_are_in_the_face_and_tails_outside(bare, face):
    part = bare("CsPbBr3_cubic", CHESS, **{face: {"PEA": 1.0}})
    atoms, _, _ = add_organics(part)
    mine = atoms.arrays["molecule"] > 0
    out = 1 if face == "top" else -1
    edge = (part.atoms.positions[:, 2] * out).max()
    heights = atoms.positions[:, 2] * out - edge
    assert heights[mine & (atoms.numbers == 7)] == pytest.approx([-0.52, -0.52], abs=0.1)
    assert heights[mine & (atoms.numbers == 6)].min() > 0
    plane = part.slab.count if face == "top" else 1
    assert (atoms.arrays["layer"][mine] == plane).all()


@pytest.mark.parametrize("name", ["R-MBA", "S-MBA"])
@pytest.mark.parametrize("coverage", [1.0, 0.5])
def test_chiral_molecules_keep_their_hand(bare, name, coverage):
    options = {"top": {name: 1.0}, "bottom": {name: 1.0}, "coverage": coverage}
    atoms, _, _ = add_organics(bare("CsPbBr3_cubic", CHESS, **options))
    body = load_molecule(name).positions
    ids = atoms.arrays["molecule"]
    for one in np.unique(ids[ids > 0]):
        places = atoms.positions[ids == one]
        spread = (body - body.mean(axis=0)).T @ (places - places.mean(axis=0))
        left, size, right = np.linalg.svd(spread)
        assert np.linalg.det(left @ right) > 0
        assert size.sum() == pytest.approx(((body - body.mean(axis=0)) ** 2).sum(), abs=1e-6)


def test_shares_and_open_places_are_exact(bare):
    part = bare("CsPbBr3_cubic", [[4, 0], [0, 4]], top={"PEA": 0.75, "BA": 0.25}, coverage=0.5)
    atoms, _, (step,) = add_organics(part)
    assert step.values["counts"] == {"PEA": 6, "BA": 2}
    assert step.values["coverage"] == 0.5
    assert (atoms.numbers == 55).sum() == 3 * 16 - 8
    assert closest(atoms) > -0.005


def test_anions_take_the_place_of_halides(bare):
    part = bare("CsPbBr3_cubic", [[2, 0], [0, 2]], top={"oleate": 1.0}, coverage=0.25)
    atoms, _, _ = add_organics(part)
    assert (atoms.numbers == 35).sum() == (part.atoms.numbers == 35).sum() - 1
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(
        part.atoms.arrays["formal_charge"].sum(), abs=1e-9
    )


def test_molecular_cations_go_whole(bare):
    part = bare("FAPbI3_alpha", CHESS, top={"PEA": 1.0})
    atoms, molecules, _ = add_organics(part)
    assert [molecule.name for molecule in molecules] == ["FA", "PEA"]
    ids, count = np.unique(atoms.arrays["molecule"], return_counts=True)
    assert sorted(count[ids > 0]) == [8] * 4 + [21] * 2


def test_a_square_of_one_pocket_says_that_molecules_are_alike(bare):
    _, _, (single,) = add_organics(bare("CsPbBr3_cubic", [[1, 0], [0, 1]], top={"PEA": 1.0}))
    _, _, (pair,) = add_organics(bare("CsPbBr3_cubic", CHESS, top={"PEA": 1.0}))
    assert "alike" in single.choice
    assert "alike" not in pair.choice


def test_the_same_seed_gives_the_same_places(bare):
    part = bare("CsPbBr3_cubic", [[2, 0], [0, 2]], top={"PEA": 1.0}, coverage=0.5)
    first, second = add_organics(part)[0], add_organics(part)[0]
    assert (first.positions == second.positions).all()


def test_too_wide_molecules_are_refused_with_advice(bare):
    part = bare("CsPbBr3_cubic", CHESS, top={"PTLA": 1.0})
    with pytest.raises(NothingFitsError, match="cap_coverage"):
        add_organics(part)


def test_a_face_with_cations_as_deep_as_metals_is_closed(bare):
    part = bare("CsPbBr3_cubic", [[1, 0], [0, 1]], miller="011", top={"PEA": 1.0})
    with pytest.raises(UsageError, match="closed"):
        add_organics(part)
