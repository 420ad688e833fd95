import pytest

from heterobuild.defects import Defect, parse_defect
from heterobuild.defects.specification import charge_marks
from heterobuild.errors import UsageError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("V_Br", Defect(kind="vacancy", species="Br")),
        ("V_Br film -1", Defect(kind="vacancy", species="Br", region="film", layer=-1)),
        ("Pb_I 2 dot", Defect(kind="antisite", species="Pb", onto="I", region="dot", layer=2)),
        ("2x I_i 6.5Å", Defect(kind="interstitial", species="I", distance=6.5, count=2)),
        ("V_Br 6.5 Å film", Defect(kind="vacancy", species="Br", region="film", distance=6.5)),
        ("V_Br well (2) 1", Defect(kind="vacancy", species="Br", region="well (2)", layer=1)),
        ("V_R-MBA", Defect(kind="vacancy", species="R-MBA")),
    ],
)
def test_a_line_is_read_as_it_is_written(text, wanted):
    assert parse_defect(text) == wanted
    assert wanted.name in text


@pytest.mark.parametrize(
    "text",
    ["", "Br", "V Br", "V_", "_Br", "2x", "V_Br film shell", "V_Br 1 2", "V_Br 6.5", "V_Br -5Å"],
)
def test_other_lines_are_refused(text):
    with pytest.raises(UsageError):
        parse_defect(text)


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "antisite", "species": "Pb"},
        {"kind": "vacancy", "species": "Pb", "onto": "I"},
        {"kind": "antisite", "species": "Pb", "onto": "Pb"},
        {"kind": "vacancy", "species": "I", "layer": 1, "distance": 2.0},
        {"kind": "vacancy", "species": "I", "layer": 0},
        {"kind": "vacancy", "species": "I", "count": 0},
        {"kind": "vacancy", "species": "I", "distance": -1.0},
        {"kind": "vacancy", "species": "I", "separation": float("nan")},
        {"kind": "vacancy", "species": "I", "place": "void"},
        {"kind": "vacancy", "species": "I", "compensate": "Pb_I"},
        {"kind": "vacancy", "species": "I", "compensate": "some"},
    ],
)
def test_contradictions_are_refused(options):
    with pytest.raises(UsageError):
        Defect(**options)


def test_charges_are_marked_after_kroger_and_vink():
    assert [charge_marks(q) for q in (1.0, -2.0, 0.0)] == ["•", "\u2032\u2032", "×"]
    assert charge_marks(0.5) == "(+0.5)"
