import numpy as np
import pytest

from heterobuild.cli.structure_facts import structure_facts, structure_lines
from heterobuild.compounds import load_crystal


def test_the_mean_direction_of_molecules():
    aligned = structure_facts(load_crystal("MAPbCl3_cubic"))["net_molecular_direction"]
    assert np.linalg.norm(aligned["MA"]) == pytest.approx(1, abs=1e-3)
    crystal = load_crystal("MAPbI3_tetragonal", cations="dipole-cancelled")
    cancelled = structure_facts(crystal)["net_molecular_direction"]
    assert np.linalg.norm(cancelled["MA"]) == pytest.approx(0, abs=1e-3)


def test_what_is_not_defined_is_not_told():
    facts = structure_facts(load_crystal("NaCl"))
    assert (facts["tolerance_factor"], facts["tilts"]) == (None, None)
    labels = [label for label, text in structure_lines(facts) if text]
    assert "tilts" not in labels
    assert "factors" not in labels


def test_molecules_are_left_out_of_valences_and_this_is_told():
    facts = structure_facts(load_crystal("MAPbI3"))
    assert facts["bond_valence"]["global_instability_index"] is None
    assert dict(structure_lines(facts))["valences"].endswith("without MA")
