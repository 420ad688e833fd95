import pytest

from heterobuild.model import Finding, Report


@pytest.mark.parametrize(
    ("levels", "passed"), [((), True), (("info", "warning"), True), (("info", "error"), False)]
)
def test_only_errors_stop(levels, passed):
    findings = tuple(Finding(check="charge", level=level, message="m") for level in levels)
    assert Report(findings=findings).passed is passed
