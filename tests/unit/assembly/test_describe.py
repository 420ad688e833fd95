from __future__ import annotations

import json

import numpy as np
import pytest

from heterobuild.alloys.mixing import mixed_crystal
from heterobuild.architectures.vertical import Vertical
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.model import Heterostructure
from heterobuild.slabs import cut_slab


def interface(film: str = "CsPbBr3_cubic", **options: object) -> Heterostructure:
    ours = cut_slab(load_crystal(film), "001", layers=2, top=0)
    theirs = cut_slab(load_crystal("CsPbCl3_cubic"), "001", layers=2)
    limits = MatchLimits(max_strain=0.06, max_area=400)
    return Vertical(limits=limits, **options).build(ours, theirs)  # type: ignore[arg-type]


def test_every_number_is_ready_for_json() -> None:
    for step in interface(repeat=(2, 1)).steps:
        assert json.loads(json.dumps(dict(step.values), allow_nan=False)) is not None


def test_slab_step() -> None:
    built = interface(film_face="down")
    steps = {step.values["part"]: step for step in built.steps if step.name == "slab"}
    assert set(steps) == {"film", "substrate"}
    assert steps["film"].values["miller"] == [0, 0, -1]
    assert steps["film"].values["bottom"] == "PbBr2"
    assert "upside down" in steps["film"].choice
    assert "upside down" not in steps["substrate"].choice


def test_match_step_repeats_the_match() -> None:
    built = interface()
    step = next(step for step in built.steps if step.name == "match")
    assert built.match is not None
    assert step.values["film"] == built.match.film.tolist()
    assert step.values["substrate_area_A2"] == pytest.approx(5.605**2, abs=1e-5)
    assert np.allclose(step.values["cell_A"], np.diag([5.605, 5.605]))


def test_strain_step_names_the_elastic_constants() -> None:
    steps = {s.values["part"]: s for s in interface().steps if s.name == "strain"}
    strain = 5.605 / 5.874 - 1
    assert steps["film"].values["principal_engineering"] == pytest.approx([strain] * 2, abs=1e-8)
    assert steps["film"].values["normal_engineering"] == pytest.approx(-strain / 3, abs=1e-8)
    assert steps["substrate"].values["normal_engineering"] == 0
    assert steps["film"].values["elastic_assumed"] is False


def test_strain_step_holds_every_measure_of_either_side() -> None:
    steps = {
        s.values["part"]: s.values for s in interface(strain="shared").steps if s.name == "strain"
    }
    for name, sign in (("film", -1), ("substrate", 1)):
        values, strain = steps[name], sign * np.log(5.874 / 5.605) / 2
        assert values["principal_logarithmic"] == pytest.approx([strain] * 2, abs=1e-8)
        assert values["principal_engineering"] == pytest.approx([np.expm1(strain)] * 2, abs=1e-8)
        assert np.allclose(values["tensor_logarithmic"], strain * np.eye(2), atol=1e-8)
        assert np.allclose(np.diag(values["tensor_engineering"])[:2], np.expm1(strain), atol=1e-8)
        assert values["area_change_fraction"] == pytest.approx(np.expm1(2 * strain), abs=1e-8)
        assert values["von_mises_logarithmic"] == pytest.approx(2 / 3 * abs(strain), abs=1e-8)
        assert values["rotation_deg"] == 0
        assert "positive is stretched" in values["definition"]


def test_the_turn_of_the_film_is_told() -> None:
    built = interface(match=3)
    assert built.match is not None
    turns = {s.values["part"]: s.values["rotation_deg"] for s in built.steps if s.name == "strain"}
    assert turns["film"] - turns["substrate"] == pytest.approx(built.match.rotation)
    assert built.match.rotation != 0


def test_assumed_constants_are_noticed_where_they_matter() -> None:
    strained = interface("CsSnBr3_cubic")
    assert any("normal and elastic energy rest on assumed" in text for text in strained.notices)
    assert not any(
        "rest on" in text for text in interface("CsSnBr3_cubic", strain="substrate").notices
    )


def alloy_interface(repeat: tuple[int, int]) -> Heterostructure:
    film = cut_slab(mixed_crystal(parse_compound("FA0.75Cs0.25PbBr3")), "001", layers=2)
    substrate = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2)
    limits = MatchLimits(max_strain=0.06, max_area=50)
    return Vertical(limits=limits, repeat=repeat).build(film, substrate)


def test_slab_step_shows_the_ions_that_share_sites() -> None:
    step = next(step for step in alloy_interface((1, 1)).steps if step.values.get("part") == "film")
    assert "(FA0.75Cs0.25)Br to PbBr2" in step.choice
    assert step.values["bottom"] == "FABr"


def test_shares_that_do_not_fit_the_whole_cell_are_a_notice() -> None:
    # Two A sites hold 0.5 Cs, four of them one, eight of them two.
    small, large = alloy_interface((1, 1)), alloy_interface((1, 2))
    found = [notice for notice in small.notices if "repeat the common cell" in notice]
    assert len(found) == 1
    assert "asked 0.75, got 1" in found[0]
    assert not [notice for notice in large.notices if "repeat the common cell" in notice]
