"""Policies on small sets of ions that can be counted by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.labels import Site
from heterobuild.particles.charge_balance import Candidates
from heterobuild.particles.neutrality import neutralise

CORNERS = np.array(list(np.ndindex(2, 2, 2))) * 6.0 - 3
FACES = np.concatenate([np.eye(3), -np.eye(3)]) * 3.0


def ions(points, *, bonds, site=Site.A, charge=1.0, present=True, species=0):
    number = len(points)
    return Candidates(
        points=np.asarray(points, dtype=float),
        charge=np.broadcast_to(np.asarray(charge, dtype=float), number),
        species=np.broadcast_to(species, number),
        names=("Cs", "Ba", "Br"),
        site=np.broadcast_to(int(site), number),
        bonds=np.broadcast_to(bonds, number),
        present=np.broadcast_to(present, number),
    )


def together(*parts):
    names = ("points", "charge", "species", "site", "bonds", "present")
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Candidates(names=parts[0].names, **joined)


def balance(total, candidates, policy="auto", *, dipole=(0, 0, 0), **options):
    dipole = np.asarray(dipole, dtype=float)
    return neutralise(total, dipole, candidates, policy, seed=0, where="surface", **options)


CAESIUM = ions(CORNERS, bonds=1)
HALIDES = ions(FACES, bonds=1, site=Site.X, charge=-1, species=2)
VACANT_CAESIUM = ions(CORNERS, bonds=1, present=False)
VACANT_HALIDES = ions(FACES, bonds=1, site=Site.X, charge=-1, species=2, present=False)


def test_least_bound_cations_go_first_where_no_dipole_is_left():
    bonds = np.array([2, 1, 2, 3, 3, 2, 1, 2])
    candidates = together(ions(CORNERS, bonds=bonds), HALIDES)
    found = balance(4.0, candidates)
    assert bonds[found.removed].sum() == 1 + 1 + 2 + 2
    assert found.charge_left == 0
    assert np.linalg.norm(found.dipole) < 1e-9
    values = found.step.values
    assert (values["exchanged_for_dipole"], values["extra_bonds"]) == (0, 0)
    assert found.step.choice == "surface: remove-A: 4 units, the least bound sites first"


def test_a_dipole_is_avoided_at_the_cost_of_a_bond():
    bonds = np.array([1, 1, 2, 3, 3, 2, 3, 3])
    candidates = together(ions(CORNERS, bonds=bonds), HALIDES)
    found = balance(2.0, candidates)
    assert np.linalg.norm(found.dipole) < 1e-9
    assert sorted(bonds[found.removed]) in ([1, 3], [2, 2])
    values = found.step.values
    assert values["exchanged_for_dipole"] in (1, 2)
    assert values["extra_bonds"] == 2
    assert found.step.choice.endswith("exchanged for the least dipole")


def test_the_reason_stands_in_the_ledger():
    found = balance(2.0, CAESIUM, why="exchanged for neutral ligands")
    assert found.entries[0].why == "exchanged for neutral ligands: remove-A"


def test_units_inside_are_never_removed():
    candidates = ions(CORNERS, bonds=[8, 8, 8, 8, 7, 7, 7, 7])
    assert balance(4.0, candidates, "remove-A").removed.tolist() == [4, 5, 6, 7]
    with pytest.raises(UsageError, match=r"leaves \+1 e") as caught:
        balance(5.0, candidates, "remove-A")
    assert caught.value.measured == "+1 e left"
    assert "no exchange of ions there suffices" in caught.value.next_step
    assert caught.value.next_step.endswith("neutral ligands in place of 5 A cations")


def test_best_bound_vacant_sites_are_filled_first():
    candidates = ions(CORNERS, bonds=[7, 6, 5, 4, 4, 5, 6, 7], present=False)
    found = balance(-2.0, candidates)
    assert (found.added.tolist(), found.removed.tolist()) == ([0, 7], [])
    assert found.entries[0].action == "added"
    assert found.entries[0].charge == 2.0
    assert "best bound" in found.step.choice


def test_automatic_choice_falls_back_on_halides():
    candidates = together(ions(CORNERS, bonds=8), VACANT_HALIDES)
    found = balance(2.0, candidates)
    assert found.step.values["used"] == "add-X"
    assert np.array_equal(candidates.points[found.added].sum(axis=0), np.zeros(3))
    few = together(ions(CORNERS[:1], bonds=1, present=False), HALIDES)
    assert balance(-2.0, few).step.values["used"] == "remove-X"
    assert balance(-1.0, few).step.values["used"] == "add-A"


def test_the_error_names_the_policies_that_can():
    candidates = together(CAESIUM, ions(FACES[:1], bonds=1, site=Site.X, charge=-1, present=False))
    with pytest.raises(UsageError) as caught:
        balance(4.0, candidates, "add-X")
    assert caught.value.measured == "+3 e left"
    assert caught.value.next_step == (
        "choose auto, here remove-A, or neutrality: ligands, with neutral ligands in place of 4 "
        "A cations"
    )


def test_ligands_are_offered_where_they_reach_and_have_sites():
    with pytest.raises(UsageError) as caught:
        balance(4.0, together(CAESIUM, VACANT_HALIDES), "refuse")
    assert caught.value.next_step.endswith("neutrality: ligands, with ligands of -1 e")
    for where in ("wall of dot 1", "surface of the dot", "surfaces of the matrix"):
        with pytest.raises(UsageError) as caught:
            neutralise(4.0, np.zeros(3), CAESIUM, "refuse", seed=0, where=where)
        assert caught.value.next_step == "choose auto, here remove-A"


def test_divalent_cations_are_counted_exactly():
    candidates = ions(CORNERS, bonds=1, charge=[2, 2, 2, 1, 2, 2, 2, 2], species=1)
    found = balance(5.0, candidates)
    assert 3 in found.removed
    assert found.removed.size == 3
    with pytest.raises(UsageError, match="1 e"):
        balance(5.0, ions(CORNERS, bonds=1, charge=2), "remove-A")


def test_dipole_of_the_rest_is_compensated():
    found = balance(2.0, CAESIUM, dipole=[12.0, 0, 0])
    assert CORNERS[found.removed].sum(axis=0).tolist() == [6, 0, 0]
    assert found.dipole.tolist() == [6, 0, 0]
    assert found.step.values["dipole_after_eA"] == [6, 0, 0]


def test_periodic_components_are_not_defined():
    found = balance(2.0, CAESIUM, dipole=[0, 0, 500.0], directions=np.array([True, True, False]))
    assert np.isnan(found.dipole).tolist() == [False, False, True]
    assert CORNERS[found.removed][:, :2].sum(axis=0).tolist() == [0, 0]
    assert found.step.values["dipole_after_eA"] == [0, 0, None]
    json.dumps(found.step.values, allow_nan=False)


def test_ligands_bring_what_is_missing():
    found = balance(8.0, CAESIUM, "ligands")
    assert (found.charge_left, found.ligand_charges) == (8.0, -8)
    assert not found.removed.size
    assert found.entries == ()
    with pytest.raises(UsageError, match="fractional"):
        balance(0.5, CAESIUM, "ligands")


def test_refusal_says_what_would_help():
    with pytest.raises(UsageError, match="remove-A") as caught:
        balance(2.0, CAESIUM, "refuse")
    assert caught.value.measured == "+2 e left"
    assert balance(0.0, CAESIUM, "refuse").charge_left == 0


def test_neutral_from_the_start_changes_nothing():
    found = balance(1e-12, together(CAESIUM, VACANT_CAESIUM))
    assert not found.removed.size
    assert not found.added.size
    assert found.step.values["used"] == "none"
    assert found.charge_left == 0


def test_unknown_policy_is_named():
    with pytest.raises(UnknownNameError, match="remove-A"):
        balance(1.0, CAESIUM, "removeA")


def test_numbers_of_the_step_can_be_written():
    values = balance(2.0, CAESIUM).step.values
    assert json.loads(json.dumps(values)) == values
    assert values["charge_before_e"] == 2.0
    assert (values["removed"], values["added"]) == (2, 0)
    assert values["mean_spacing_A"] == pytest.approx(6 * np.sqrt(3), abs=1e-3)
