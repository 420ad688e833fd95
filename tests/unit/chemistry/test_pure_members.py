from fractions import Fraction

import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.pure_members import make_compound, pure_members, same_compound
from heterobuild.errors import UsageError


def members(formula):
    found = pure_members(parse_compound(formula))
    return {member.formula: pytest.approx(share) for member, share in found}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("CsPbBr3", {"CsPbBr3": 1.0}),
        ("CsPbBr2I", {"CsPbBr3": 2 / 3, "CsPbI3": 1 / 3}),
        ("MAPb0.5Sn0.5I3", {"MAPbI3": 0.5, "MASnI3": 0.5}),
        (
            "FA0.8Cs0.2Pb(I0.7Br0.3)3",
            {"FAPbI3": 0.56, "FAPbBr3": 0.24, "CsPbI3": 0.14, "CsPbBr3": 0.06},
        ),
        ("(PEA0.5BA0.5)2PbI4", {"BA2PbI4": 0.5, "PEA2PbI4": 0.5}),
        ("Cs2Ag0.6Na0.4InCl6", {"Cs2AgInCl6": 0.6, "Cs2NaInCl6": 0.4}),
        ("CsPb0.8Ag0.1Bi0.1Br3", {"CsPbBr3": 0.8, "Cs2AgBiBr6": 0.2}),
        (
            "CsPb0.6Ag0.1Na0.1Bi0.2Br3",
            {"CsPbBr3": 0.6, "Cs2AgBiBr6": 0.2, "Cs2NaBiBr6": 0.2},
        ),
        ("Cs2PbI2Cl2", {"Cs2PbI2Cl2": 1.0}),
    ],
)
def test_end_members(formula, expected):
    assert members(formula) == expected


def test_members_are_pure_and_parse_to_themselves():
    for member, _ in pure_members(parse_compound("BA2MA1.5FA0.5Pb2SnI7Br3")):
        assert not member.mixed
        assert same_compound(member, parse_compound(member.formula))


def test_a_compound_that_is_not_neutral_has_no_members():
    odd = make_compound(
        "abx3", 0, {"A": {"Cs": Fraction(1)}, "B": {"Bi": Fraction(1)}, "X": {"Br": Fraction(3)}}
    )
    with pytest.raises(UsageError, match="not neutral"):
        pure_members(odd)
