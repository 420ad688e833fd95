from __future__ import annotations

import numpy as np
import pytest

from heterobuild.alloys.end_members import end_members
from heterobuild.alloys.mixing import cell_rule, mixed_crystal
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.prototypes.builders import build_prototype


def test_the_record_of_a_mixed_crystal(mix):
    crystal = mix("FA0.85Cs0.15Pb(Br0.4I0.6)3")
    assert crystal.name == "FA0.85Cs0.15Pb(I0.6Br0.4)3_cubic"
    assert (crystal.origin, crystal.phase, crystal.space_group) == ("mixed", "cubic", "Pm-3m")
    assert [(m.site, m.parent) for m in crystal.mixtures] == [("A", "FA"), ("X", "I")]
    assert dict(crystal.mixtures[0].shares) == {"FA": 0.85, "Cs": 0.15}
    assert crystal.placed == ("FA",)
    assert crystal.atoms.get_chemical_formula() == "CH5I3N2Pb"
    weights = {"FAPbI3_alpha": 0.51, "FAPbBr3_cubic": 0.34, "CsPbI3_alpha": 0.09}
    weights["CsPbBr3_cubic"] = 0.06
    length = sum(w * load_phase(name).cell[0, 0] for name, w in weights.items())
    np.testing.assert_allclose(crystal.cell, length * np.eye(3), atol=1e-9)
    assert crystal.temperature == pytest.approx(
        sum(w * load_phase(name).temperature for name, w in weights.items())
    )
    assert 0 < crystal.length_error < 0.01
    assert all(name in crystal.source.citation for name in weights)
    assert "Vegard" in crystal.notices[0]
    assert crystal.rests_on == tuple(weights)


def test_trust_is_the_lowest_of_the_end_members(mix):
    assert mix("CsPb(Br0.4I0.6)3").source.cell == "high"
    assert mix("Cs4Pb(Br0.5I0.5)6").source.cell == "medium"


def test_coordinates_of_alloys_are_of_low_confidence(mix):
    crystal = mix("CsPb(Br0.4I0.6)3")
    assert crystal.source.coordinates == "low"
    assert any("relax the structure" in notice for notice in crystal.notices)


def test_a_trace_changes_neither_phase_nor_temperature_nor_cell(mix):
    # CsPbI3_gamma at 293 K, CsPbBr3_orthorhombic and MAPbI3_tetragonal at 298 K.
    for formula, name, foreign in (
        ("Cs0.99FA0.01PbI3", "CsPbI3_gamma", 0.01),
        ("CsPb0.99Ag0.005Bi0.005Br3", "CsPbBr3_orthorhombic", 0.01),
        ("MAPbI2.99Cl0.01", "MAPbI3_tetragonal", 0.01 / 3),
    ):
        crystal, pure = mix(formula), load_phase(name)
        assert crystal.space_group == pure.space_group
        assert crystal.temperature == pytest.approx(pure.temperature, abs=0.1)
        # No end member differs by more than 10 % in length.
        np.testing.assert_allclose(crystal.cell, pure.cell, rtol=0.1 * foreign, atol=1e-9)


def test_the_choice_of_phase_is_told(mix):
    crystal = mix("Cs0.95FA0.05PbI3")
    assert any("phase is that of CsPbI3_gamma" in notice for notice in crystal.notices)
    assert "estimated, not measured: FAPbI3_orthorhombic" in crystal.notices


def test_racemates_are_refused():
    with pytest.raises(UsageError, match="mirror images"):
        mixed_crystal(parse_compound("(R-MBA)(S-MBA)PbI4"))


def test_different_phases_are_told(mix):
    crystal = mix("CsPb0.9Ge0.1I3")
    if "different phases" in crystal.notices[0]:
        assert any("takes the gamma structure" in notice for notice in crystal.notices)
    pure = end_members(["CsPbBr3", "MAPbBr3"], phase="cubic")
    assert "cells of the cubic phases" in cell_rule(pure[0].crystal, pure)


def test_estimated_members_are_told_and_their_errors_enter(mix):
    estimated = mix("Cs0.5Rb0.5PbBr3")
    model = build_prototype(parse_compound("RbPbBr3"), "Pnma")
    assert any("estimated, not measured: RbPbBr3" in notice for notice in estimated.notices)
    assert model.length_error > 0.002
    assert estimated.length_error > 0.48 * model.length_error
    assert estimated.rests_on == ()
    assert estimated.source.cell == "low"


def test_layered_crystals_without_measured_atoms_take_a_model(mix):
    crystal = mix("BA2Pb(Br0.2I0.8)4")
    assert crystal.atoms is not None
    assert any("atoms are those of the model" in notice for notice in crystal.notices)
    bromide, iodide = (load_phase(f"BA2Pb{x}4") for x in ("Br", "I"))
    volume = 0.8 * np.linalg.det(iodide.cell) / iodide.z + 0.2 * (
        np.linalg.det(bromide.cell) / bromide.z
    )
    assert np.linalg.det(crystal.cell) / crystal.z == pytest.approx(volume)


def test_structure_types_of_one_phase_keep_their_formula_as_name(mix):
    assert mix("Cs4Pb(Br0.5I0.5)6").name == "Cs4PbBr3I3"
    assert "/" not in mix("CsPb2(Br0.5Cl0.5)5").name


def test_pure_compounds_are_not_mixed():
    with pytest.raises(UsageError, match="CsPbBr3 is not a mixed compound"):
        mixed_crystal(parse_compound("CsPbBr3"))


def test_pairs_that_lead_everywhere_are_refused():
    with pytest.raises(UsageError, match=r"no end member.*double perovskite"):
        mixed_crystal(parse_compound("CsPb0.1Ag0.45Bi0.45Br3"))


def test_the_parent_holds_the_largest_share_on_every_site(mix):
    crystal = mix("FA0.4Cs0.6Pb(Br0.3I0.7)3", phase="cubic")
    assert crystal.atoms.get_chemical_formula() == "CsI3Pb"
    assert [molecule.name for molecule in crystal.molecules] == ["FA"]
    assert crystal.placed == ()
