import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.connectivity import identify_molecules
from heterobuild.compounds import load_crystal
from heterobuild.compounds.enantiomers import mirror_compound, mirror_name


def distances(crystal):
    """Return all periodic distances up to 8 Å from each lead and nitrogen atom, sorted."""
    from ase.neighborlist import neighbor_list

    first, second, lengths = neighbor_list("ijd", crystal.atoms, 8.0)
    key = crystal.atoms.numbers[first] * 100 + crystal.atoms.numbers[second]
    return key[np.lexsort((lengths.round(6), key))], np.sort(lengths)


def test_the_hand_that_nobody_measured_is_the_mirror_image():
    right, left = load_crystal("RMBA2PbI4"), load_crystal("S-MBA2PbI4")
    assert (left.origin, left.space_group) == ("library", right.space_group)
    assert (left.cell == right.cell).all()
    for ours, theirs in zip(distances(left), distances(right), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-6)
    names, _ = identify_molecules(
        left.atoms.numbers, left.atoms.positions, left.atoms.arrays["molecule"]
    )
    assert set(names) == {"S-MBA"}
    assert load_crystal(left.name).name == left.name


def test_compounds_without_a_hand_have_no_other():
    assert mirror_compound(parse_compound("PEA2PbI4")) is None
    assert mirror_compound(parse_compound("(R-MBA)2PbI4")).formula == "(S-MBA)2PbI4"
    assert (mirror_name("Rb"), mirror_name("S-MBA")) == ("Rb", "R-MBA")


def test_the_record_names_the_measured_phase():
    from heterobuild.recipes.sources import data_files

    files = data_files({"film": load_crystal("S-MBA2PbI4")}, {}, ())
    assert "phases/ruddlesden_popper/RMBA2PbI4.toml" in [name for name, _, _ in files]
