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


def test_a_wide_gap(heterobuild):
    outcome = heterobuild("tune", SERIES, "--onto", "CsPbI3", "--min-gap", "2.0", "--json")
    answer = json.loads(outcome.out)
    assert answer["fractions"]["x"] == pytest.approx(0.22 / 0.58, abs=1e-3)
    narrow = heterobuild("tune", SERIES, "--onto", "CsPbBr3", "--max-gap", "2.0", "--json")
    assert json.loads(narrow.out)["bands"]["gap_eV"] == pytest.approx(2.0, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--min-gap", "3"), 3, "1.78 to 2.36 eV"),
        (("--min-gap", "-1"), 2, "0 to 20 eV"),
        (("--min-gap", "nan"), 2, "0 to 20 eV"),
        (("--min-gap", "2000"), 2, "in eV"),
        (("--min-gap", "2.2", "--max-gap", "2.0"), 2, "exchange them"),
        (("--min-gap", "wide"), 2, "wide"),
    ],
)
def test_gaps_that_cannot_be(heterobuild, arguments, code, said):
    outcome = heterobuild("tune", SERIES, "--onto", "CsPbI3", *arguments)
    assert outcome.code == code
    assert said in outcome.err
    assert "Traceback" not in outcome.err


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
