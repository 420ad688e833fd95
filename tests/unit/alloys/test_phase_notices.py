from __future__ import annotations

from heterobuild.alloys.member_crystals import choose_members
from heterobuild.alloys.phase_notices import phase_notice
from heterobuild.chemistry.compounds import parse_compound


def test_the_notice_names_phase_and_members():
    def told(formula, **options):
        return phase_notice(choose_members(parse_compound(formula), **options))

    assert told("CsPb(Br0.5I0.5)3") == ""
    cubic = told("FA0.85Cs0.15PbI3")
    assert "phase is that of FAPbI3_alpha" in cubic
    assert "CsPbI3 in it is measured at 634 K" in cubic
    mixed = told("CsPb0.99Ag0.005Bi0.005Br3")
    assert "phase is that of CsPbBr3_orthorhombic" in mixed
    assert "Cs2AgBiBr6 is not known in it, the length of Cs2AgBiBr6_cubic is mixed in" in mixed
