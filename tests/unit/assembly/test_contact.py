from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab

if TYPE_CHECKING:
    from heterobuild.model import Heterostructure

LIMITS = MatchLimits(max_strain=0.06, max_area=50)


def interface(bottom: str, top: str, **options: object) -> Heterostructure:
    film = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, bottom=bottom)
    substrate = cut_slab(load_crystal("CsPbCl3_cubic"), "001", layers=2, top=top)
    return Vertical(limits=LIMITS, **options).build(film, substrate)  # type: ignore[arg-type]


def values(built: Heterostructure, name: str) -> dict[str, object]:
    return dict(next(step for step in built.steps if step.name == name).values)


def test_steps_tell_registry_and_gap() -> None:
    built = interface("CsBr", "PbCl2")
    assert values(built, "gap")["network_continues"] is True
    assert values(built, "registry")["misplacement_A"] == pytest.approx(0, abs=1e-4)
    assert values(built, "registry")["lower"] == "substrate"


def test_planes_that_cannot_continue_have_no_misplacement() -> None:
    built = interface("CsBr", "CsCl")
    assert values(built, "gap")["network_continues"] is False
    assert values(built, "registry")["misplacement_A"] is None


def test_a_fixed_gap_is_kept() -> None:
    built = interface("CsBr", "PbCl2", gap=3.3)
    assert values(built, "gap")["gap_A"] == 3.3
    assert "fixed by the user" in next(s.choice for s in built.steps if s.name == "gap")


def test_a_shift_that_breaks_the_network_is_told() -> None:
    built = interface("CsBr", "PbCl2", shift=(0.5, 0.5))
    registry = next(step for step in built.steps if step.name == "registry")
    assert values(built, "gap")["network_continues"] is False
    assert "shifted by the user" in registry.choice
    assert np.abs(registry.values["shift_A"]) == pytest.approx([5.605 / 2] * 2, abs=1e-5)


def test_both_steps_name_the_facing_planes() -> None:
    built = interface("PbBr2", "CsCl")
    for name in ("registry", "gap"):
        choice = next(step.choice for step in built.steps if step.name == name)
        assert choice.startswith("substrate CsCl | film PbBr2")
