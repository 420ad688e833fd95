"""Ledger and step of ligands: exact charges, mixed ions and molecules."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.ligands.anchors import Anchors
from heterobuild.ligands.report import ligand_ledger, ligand_step
from heterobuild.ligands.search import Placement
from heterobuild.ligands.sites import LigandChoice


def case():
    ma = load_molecule("MA")
    n = len(ma.numbers)
    atoms = Atoms(
        np.concatenate([ma.numbers, [55, 37]]), positions=np.arange(3 * (n + 2)).reshape(-1, 3)
    )
    one = np.array([1] * n + [0, 0])
    charge = np.concatenate([ma.charges, [1.0, 1.0]])
    site = np.ones(n + 2, dtype=int)
    atoms = labels.label(atoms, site=site, molecule=one, kind=one, charge=charge, region=1, layer=1)
    anchors = Anchors(
        positions=np.zeros((5, 3)),
        normals=np.tile([0.0, 0.0, 1.0], (5, 1)),
        role=np.array(["A"] * 5),
        atom=np.array([0, n, n + 1, -1, -1]),
        charge=np.array([1.0, 1.0, 1.0, 0.0, 0.0]),
        exposure=np.array([0.58, 0.82, 1.0, 0.58, 0.58]),
    )
    choice = LigandChoice(
        molecules=(load_molecule("PEA"), load_molecule("4AMP")),
        kind=np.array([0, 1, 0]),
        site=np.array([0, 1, 3]),
        emptied=np.array([[0, -1], [1, 2], [3, -1]]),
        coverage=0.8,
    )
    return atoms, (ma,), anchors, choice


def test_each_kind_of_change_has_its_entry():
    atoms, molecules, anchors, choice = case()
    found = ligand_ledger(atoms, molecules, anchors, choice, "surface of dot 1")
    assert [(e.action, e.species, e.site, e.count, e.charge) for e in found] == [
        ("added", "PEA", "A", 1, 1.0),
        ("exchanged", "MA → PEA", "A", 1, 0.0),
        ("exchanged", "Cs + Rb → 4AMP", "A", 1, 0.0),
    ]
    assert {e.where for e in found} == {"surface of dot 1"}


def test_the_step_counts_places():
    _, _, anchors, choice = case()
    placement = Placement(
        points=(), tilt=np.array([0.0, 35.0, 12.0]), lift=np.array([0.0, 0.2, 1.0]), moved=4
    )
    values = ligand_step(choice, anchors, placement, (0.83, np.inf)).values
    assert values["counts"] == {"PEA": 2, "4AMP": 1}
    assert values["places"] == {"edge": 1, "face": 2}
    assert values["tilt_deg"] == [0.0, 35.0]
    assert (values["contact_ratio"], values["hydrogen_bond_ratio"]) == (0.83, None)
    assert values["placed_again"] == 4


@pytest.mark.parametrize(
    ("ratios", "words"),
    [
        ((0.83, 0.75), "shortest contact 0.83 of the van der Waals sum"),
        ((np.inf, 1.03), "shortest hydrogen bond 1.03 of the van der Waals sum"),
        ((np.inf, np.inf), "nothing else near them"),
    ],
)
def test_the_nearest_contact_is_a_number(ratios, words):
    _, _, anchors, choice = case()
    placement = Placement(points=(), tilt=np.zeros(3), lift=np.zeros(3), moved=0)
    said = ligand_step(choice, anchors, placement, ratios).choice
    assert words in said
    assert "inf" not in said
