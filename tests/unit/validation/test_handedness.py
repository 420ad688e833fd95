"""Handedness of the cell."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.validation import check
from heterobuild.validation.handedness import check_handedness
from heterobuild.validation.view import view_structure


def test_right_handed_cell_is_silent(make_interface):
    finding = check_handedness(view_structure(make_interface()))[0]
    assert finding.level == "info"
    assert finding.value == pytest.approx(make_interface().atoms.get_volume())


def test_left_handed_cell_fires(make_interface, change):
    built = make_interface()
    report = check(change(built, cell=built.atoms.cell.array[[1, 0, 2]]))
    assert {f.level for f in report.findings if f.check == "handedness"} == {"error"}
    assert not report.passed


def test_flat_cell_fires_and_breaks_nothing(make_interface, change):
    flat = np.array([[5.0, 0, 0], [5.0, 0, 0], [0, 0, 20.0]])
    report = check(change(make_interface(), cell=flat))
    assert any(f.check == "handedness" and f.level == "error" for f in report.findings)
