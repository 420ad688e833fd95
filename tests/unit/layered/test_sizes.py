"""Lengths that layered models are built with."""

from __future__ import annotations

import pytest

from heterobuild.estimates.lengths import bond_length, octahedron_height, sheet_length
from heterobuild.estimates.organic_layers import measured_gap
from heterobuild.layered.options import LayeredIons, LayeredOptions
from heterobuild.layered.sizes import estimate_sizes

PEA = LayeredIons(spacer="PEA", a="MA", b="Pb", x="I")
UNKNOWN = LayeredIons(spacer="OA", a="MA", b="Pb", x="I")


def height(b: str, x: str, layers: int) -> float:
    return octahedron_height(b, x, layers).value


def test_without_measured_sheets_the_general_estimates_hold() -> None:
    sizes = estimate_sizes(UNKNOWN, (1,), LayeredOptions())
    assert sizes.length == sheet_length("Pb", "I", 1)
    assert sizes.bond == bond_length("Pb", "I").value
    assert 2 * sizes.terminal_bond == octahedron_height("Pb", "I").value
    assert (sizes.gap, sizes.gap_rule) == (None, "")


def test_a_measured_compound_comes_back() -> None:
    """PEA2PbI4: in the plane 6.180 Å, spacing 16.355 Å."""
    sizes = estimate_sizes(PEA, (1,), LayeredOptions())
    assert sizes.length.value == pytest.approx(6.1798, abs=1e-3)
    assert sizes.gap is not None
    assert sizes.gap + 2 * sizes.terminal_bond == pytest.approx(16.355, abs=1e-3)
    assert "PEA2PbI4" in sizes.gap_rule
    assert 0.05 < sizes.gap_error < 0.5


def test_what_is_left_out_does_not_count() -> None:
    sizes = estimate_sizes(PEA, (1,), LayeredOptions(), without=("PEA2PbI4",))
    assert sizes.gap is None
    assert sizes.length.value == pytest.approx(6.1798, rel=0.02)
    assert abs(sizes.length.value - 6.1798) > 0.01


def test_thicker_sheets_take_the_organic_layer_only() -> None:
    sizes = estimate_sizes(PEA, (3,), LayeredOptions())
    assert sizes.length == sheet_length("Pb", "I", 3)
    assert sizes.step == sheet_length("Pb", "I", 3).value
    known = measured_gap("PEA", "Pb", "I", 1, thickness=height)
    assert known is not None
    assert sizes.gap == known.distance


def test_mirror_images_have_the_same_lengths() -> None:
    right, left = (
        estimate_sizes(LayeredIons(spacer=name, b="Pb", x="I"), (1,), LayeredOptions())
        for name in ("R-MBA", "S-MBA")
    )
    assert right == left


def test_given_lengths_are_kept() -> None:
    sizes = estimate_sizes(PEA, (2,), LayeredOptions(length=6.3, bond=3.2, gap=9.5))
    assert (sizes.length.value, sizes.length.error) == (6.3, 0.0)
    assert (sizes.bond, sizes.gap, sizes.gap_error) == (3.2, 9.5, 0.0)


def test_sheets_of_different_thickness_share_a_mean() -> None:
    one, two = (estimate_sizes(UNKNOWN, (n,), LayeredOptions()).length.value for n in (1, 2))
    both = estimate_sizes(UNKNOWN, (1, 2), LayeredOptions())
    assert both.length.value == pytest.approx((one + 2 * two) / 3)


def test_another_terminal_halide_has_its_own_bond() -> None:
    ions = LayeredIons(spacer="Cs", b="Pb", x="Cl", terminal="I")
    sizes = estimate_sizes(ions, (1,), LayeredOptions())
    assert sizes.bond == bond_length("Pb", "Cl").value
    assert 2 * sizes.terminal_bond == octahedron_height("Pb", "I").value
