import json

import pytest

SERIES = "CsPb(Br_xI_1-x)3"


def test_short_answer(heterobuild):
    outcome = heterobuild("tune", SERIES, "--onto", "CsPbI3_alpha", "--limit", "x=0.33:0.6")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0].startswith("CsPb(Br0.33I0.67)3 on CsPbI3_alpha: misfit −2.18 % ±")
    assert len(lines) < 12
    assert "nearest" in outcome.err


def test_json(heterobuild):
    outcome = heterobuild("tune", SERIES, "--length", "6.0", "--phase", "cubic", "--json")
    answer = json.loads(outcome.out)
    assert answer["fractions"]["x"] == pytest.approx((6.2894 - 6) / (6.2894 - 5.874), abs=1e-3)
    assert answer["misfit_percent"] == 0.0
    assert [member["crystal"] for member in answer["end_members"]] == [
        "CsPbBr3_cubic",
        "CsPbI3_alpha",
    ]
    assert all(member["source"] for member in answer["end_members"])


def test_alignment(heterobuild):
    outcome = heterobuild("tune", SERIES, "--onto", "CsPbI3", "--alignment", "type-I")
    assert "alignment type I" in outcome.out
    assert heterobuild("tune", SERIES, "--onto", "CsPbI3", "--alignment", "III").code == 3


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--onto", "CsPbI3", "--length", "6"],
        ["--length", "6", "--limit", "q=0:1"],
        ["--length", "6", "--limit", "x=1"],
        ["--length", "6", "--limit", "x=a:b"],
        ["--length", "6", "--limit", "x=0:2"],
        ["--length", "6", "--limit", "x=0:1", "--limit", "x=0:0.5"],
        ["--length", "-6"],
        ["--onto", "nothing"],
    ],
)
def test_bad_input_is_one_line_and_code_two(heterobuild, options):
    outcome = heterobuild("tune", SERIES, *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Next:" in outcome.err
    assert "Traceback" not in outcome.err
