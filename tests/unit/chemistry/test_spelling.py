import pytest

from heterobuild.chemistry.molecules import list_molecules
from heterobuild.chemistry.spelling import CONDENSED, plain_text, short_names


def test_html_and_minus_signs_become_plain():
    assert plain_text("BA<sub>2</sub>MA<sub>n−1</sub>") == "BA2MAn-1"


@pytest.mark.parametrize(
    "text", ["CsPb(Br₀.₄I₀.₆)₃", "CsPb(Br_{0.4}I_{0.6})_3", "$CsPb(Br_{0.4}I_{0.6})_{3}$"]
)
def test_subscripts_come_down_to_the_line(text):
    assert plain_text(text) == "CsPb(Br0.4I0.6)3"


def test_every_spelling_stands_for_a_molecule_of_the_library():
    assert set(CONDENSED.values()) <= set(list_molecules())


def test_the_longest_spelling_wins():
    assert short_names("CH3CH2NH3PbI3") == "(EA)PbI3"
    assert short_names("(C6H5CH2NH3)2PbI4") == "((PMA))2PbI4"
    assert short_names("CsPbBr3") == "CsPbBr3"
