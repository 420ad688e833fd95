"""Reports as text and as JSON."""

from __future__ import annotations

import json

from heterobuild.model import Finding, Report
from heterobuild.validation.report import count, report_as_dict, summary_lines

REPORT = Report(
    findings=(
        Finding(check="vacuum", level="info", message="fine", value=15.000000001, unit="Å"),
        Finding(check="charge", level="error", message="+1 e", value=1.0, limit=1e-6, atoms=(4,)),
    )
)


def test_errors_come_first_and_the_verdict_last():
    lines = summary_lines(REPORT)
    assert [line.split()[0] for line in lines] == ["error", "info", "failed:"]
    assert len(summary_lines(REPORT, infos=False)) == 2


def test_json_keeps_the_numbers():
    plain = json.loads(json.dumps(report_as_dict(REPORT)))
    assert plain["passed"] is False
    assert (plain["errors"], plain["warnings"]) == (1, 0)
    assert plain["findings"][0]["value"] == 15.0
    assert plain["findings"][1]["atoms"] == [4]
    assert count(REPORT, "info") == 1
