"""Gaps of measured phases: which phases count, and what they predict."""

from __future__ import annotations

import pytest

from heterobuild.estimates.organic_layers import gap_error, measured_gap, spaced_phases


def thickness(b: str, x: str, layers: int) -> float:
    return 2 * layers * {"PbI": 3.17, "PbBr": 2.97, "SnI": 3.12}[b + x]


def test_phases_are_read_from_their_files() -> None:
    phases = {phase.name: phase for phase in spaced_phases()}
    butyl = phases["BA2MA3Pb4I13"]
    assert (butyl.spacer, butyl.b, butyl.x, butyl.layers) == ("BA", "Pb", "I", 4)
    assert butyl.spacing == pytest.approx(64.383 / 2, abs=1e-3)
    assert phases["RMBA2PbI4"].spacer == "R-MBA"


def test_weak_cells_and_cold_forms_are_left_out() -> None:
    names = {phase.name for phase in spaced_phases()}
    assert "PEA2SnI4" not in names  # a cell of low confidence
    assert "BA2PbI4_LT" not in names  # measured near 100 K, while BA2PbI4 is not
    assert "BA2Cs2Pb3Br10" in names  # measured at 100 K only
    assert "Cs2PbI2Cl2" not in names  # no molecule


def test_the_nearest_thickness_decides() -> None:
    found = measured_gap("BA", "Pb", "I", 7, thickness=thickness)
    assert found is not None
    assert found.phases == ("BA2MA3Pb4I13",)
    assert found.distance == pytest.approx(64.383 / 2 - 8 * 3.17, abs=1e-3)


def test_names_and_formulas_leave_out_whole_compounds() -> None:
    by_name = measured_gap("BA", "Pb", "I", 1, thickness=thickness, without=["BA2PbI4_LT"])
    by_formula = measured_gap("BA", "Pb", "I", 1, thickness=thickness, without=["BA2PbI4"])
    assert by_name == by_formula
    assert by_name is not None
    assert by_name.phases == ("BA2MAPb2I7",)


def test_either_hand_serves_and_other_halides_do_not() -> None:
    left = measured_gap("S-MBA", "Pb", "I", 2, thickness=thickness)
    assert left is not None
    assert left.phases == ("RMBA2PbI4",)
    assert measured_gap("R-MBA", "Pb", "Br", 1, thickness=thickness) is None
    assert measured_gap("OA", "Pb", "I", 1, thickness=thickness) is None


def test_other_metals_serve_where_the_own_is_missing() -> None:
    tin = measured_gap("PEA", "Sn", "I", 1, thickness=thickness)
    assert tin is not None
    assert tin.phases == ("PEA2PbI4",)


def test_the_error_is_that_of_compounds_left_out() -> None:
    """Recomputed from the five iodides with BA: each from those of nearest thickness."""
    gaps = {1: 13.8007, 2: 19.6735, 3: 25.9795, 4: 32.1915}
    gaps = {n: spacing - 2 * n * 3.17 for n, spacing in gaps.items()}
    tin = 39.497 / 2 - 4 * 3.12
    errors = [
        abs(gaps[2] - gaps[1]),
        abs((gaps[1] + gaps[3]) / 2 - gaps[2]),
        abs((gaps[2] + gaps[4]) / 2 - gaps[3]),
        abs(gaps[3] - gaps[4]),
        abs(gaps[2] - tin),
    ]
    assert gap_error(thickness) == pytest.approx(sum(errors) / 5, abs=2e-3)
