from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import (
    list_molecules,
    load_molecule,
    molecule_notices,
    molecule_role,
)
from heterobuild.errors import UnknownNameError
from heterobuild.labels import Site


def test_list_is_sorted_and_complete():
    names = list_molecules()
    assert list(names) == sorted(names)
    assert {"MA", "FA", "PEA", "BA", "OLA", "3AMP", "TeFBTT", "PTLA-neutral"} <= set(names)


@pytest.mark.parametrize("name", list_molecules())
def test_records_are_consistent(name):
    molecule = load_molecule(name)
    n = len(molecule.numbers)
    assert molecule.name == name
    assert molecule.positions.shape == (n, 3)
    assert molecule.charges.sum() == pytest.approx(molecule.charge, abs=1e-12)
    heavy = molecule.numbers > 1
    assert np.abs(molecule.positions[heavy].mean(axis=0)).max() < 1e-4
    assert molecule.head
    assert set(molecule.numbers[list(molecule.head)]) <= {7, 8}
    if molecule.charge:
        assert set(np.flatnonzero(molecule.charges)) == set(molecule.head)


def test_methylammonium_points_from_carbon_to_nitrogen_along_x():
    ma = load_molecule("MA")
    carbon, nitrogen = (ma.positions[ma.numbers == z][0] for z in (6, 7))
    direction = nitrogen - carbon
    assert direction == pytest.approx([1.49, 0, 0], abs=1e-4)


def test_formamidinium_axes_and_shared_charge():
    fa = load_molecule("FA")
    assert np.abs(fa.positions[:, 2]).max() == 0
    nitrogen = fa.positions[fa.numbers == 7]
    assert nitrogen[0] * [1, -1, 1] == pytest.approx(nitrogen[1], abs=1e-6)
    carbon = fa.positions[fa.numbers == 6][0]
    hydrogen = fa.positions[fa.numbers == 1]
    nearest = hydrogen[np.linalg.norm(hydrogen - carbon, axis=1).argmin()]
    direction = (nearest - carbon) / np.linalg.norm(nearest - carbon)
    assert direction == pytest.approx([1, 0, 0], abs=1e-6)
    assert sorted(fa.charges[fa.numbers == 7]) == [0.5, 0.5]


@pytest.mark.parametrize("name", ["OA", "PEA", "BA", "2T", "5AVA"])
def test_head_of_a_chain_lies_at_the_positive_end_of_x(name):
    molecule = load_molecule(name)
    heavy = molecule.positions[molecule.numbers > 1]
    assert molecule.positions[molecule.head[0], 0] > heavy[:, 0].max() - 0.6
    assert np.ptp(heavy[:, 0]) > np.ptp(heavy[:, 1])


def test_arrays_cannot_be_changed():
    ma = load_molecule("MA")
    for array in (ma.numbers, ma.positions, ma.charges):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_unknown_name_suggests():
    with pytest.raises(UnknownNameError, match="did you mean PEA"):
        load_molecule("PEAA")


@pytest.mark.parametrize(
    ("name", "role"),
    [("FA", Site.A), ("R-MBA", Site.SPACER), ("OLA", Site.LIGAND), ("PTLA", Site.INTERLAYER)],
)
def test_roles(name, role):
    assert molecule_role(name) == role


def test_uncertain_identity_is_told():
    assert load_molecule("TeFBTT").source.cell == "low"
    assert "not confirmed" in load_molecule("TeFBTT").source.notes


def test_notices_name_uncertain_identity_and_open_hands():
    (told,) = molecule_notices(load_molecule("TeFBTT"))
    assert told.startswith("TeFBTT: low confidence in what it is")
    assert "assumed" in molecule_notices(load_molecule("BrPEA"))[0]
    assert molecule_notices(load_molecule("R-MBA")) == ()


def test_all_open_stereocentres_are_told():
    chem = pytest.importorskip("rdkit.Chem")
    for name in list_molecules():
        molecule = load_molecule(name)
        centres = chem.FindMolChiralCenters(
            chem.MolFromSmiles(molecule.smiles), includeUnassigned=True
        )
        is_open = any(label == "?" for _, label in centres)
        told = [note for note in molecule_notices(molecule) if "leaves the hand" in note]
        assert len(told) == is_open
