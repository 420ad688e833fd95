"""Factors outside those of the measured perovskites are told."""

from __future__ import annotations

import pytest

from heterobuild.errors import UnknownNameError
from heterobuild.estimates.tolerance import unfamiliar_factors


def test_compounds_of_the_library_are_familiar():
    for ions in (("Cs", "Pb", "Br"), ("MA", "Pb", "Cl"), ("Cs", "Sn", "I")):
        assert unfamiliar_factors(*ions) == ()


def test_small_and_large_cations_are_not():
    assert "tolerance factor" in unfamiliar_factors("Li", "Pb", "I")[0]
    assert "B may leave the centre" in unfamiliar_factors("Cs", "Ge", "Br")[0]


def test_unknown_ion():
    with pytest.raises(UnknownNameError):
        unfamiliar_factors("Xx", "Pb", "I")
