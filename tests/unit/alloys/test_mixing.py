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
