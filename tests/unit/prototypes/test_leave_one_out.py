import pytest

from heterobuild.estimates.library_fits import perovskite_fit
from heterobuild.prototypes.leave_one_out import leave_one_out, mean_errors

ROWS = leave_one_out()


def test_rows_agree_with_the_closed_form():
    fit = perovskite_fit()
    expected = dict(zip(fit.names, fit.deviations, strict=True))
    found = {row.formula: row.error for row in ROWS if row.quantity == "pseudo-cubic length"}
    assert found == pytest.approx(expected, abs=1e-10)


def test_summary_counts_all_rows():
    summary = mean_errors()
    assert sum(count for *_, count in summary.values()) == len(ROWS)
    quantity = "in-plane length of a sheet"
    mine = [abs(row.error) for row in ROWS if row.quantity == quantity]
    assert summary[quantity] == pytest.approx((sum(mine) / len(mine), max(mine), len(mine)))


def test_measured_lengths_are_those_of_the_library():
    row = next(r for r in ROWS if r.quantity == "pseudo-cubic length" and r.formula == "CsSnBr3")
    assert row.measured == pytest.approx(5.795)
    assert row.error == pytest.approx(row.predicted / 5.795 - 1)
