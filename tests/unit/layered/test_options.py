"""Ions and options of layered models."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from heterobuild.layered.options import LayeredIons, LayeredOptions


def test_the_terminal_halide_is_the_usual_one_unless_named() -> None:
    assert LayeredIons(spacer="PEA", b="Pb", x="I").end == "I"
    assert LayeredIons(spacer="Cs", b="Pb", x="Cl", terminal="I").end == "I"


def test_options_are_frozen_and_compare_by_value() -> None:
    assert LayeredOptions(gap=9.0) == LayeredOptions(gap=9.0)
    assert len({LayeredOptions(), LayeredOptions(tilt=0.0)}) == 1
    with pytest.raises(FrozenInstanceError):
        LayeredOptions().tilt = 3.0  # type: ignore[misc]
