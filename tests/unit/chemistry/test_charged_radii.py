import pytest

from heterobuild.chemistry.charged_radii import charged_radius, compound_charges
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.errors import UnknownNameError


@pytest.mark.parametrize(
    ("symbol", "charge", "coordination", "radius"),
    [  # Shannon 1976
        ("Sn", 4, 6, 0.69),
        ("Te", 4, 6, 0.97),
        ("Pt", 4, 6, 0.625),
        ("Fe", 3, 6, 0.645),
        ("Fe", 2, 6, 0.78),
        ("Tl", 3, 6, 0.885),
        ("Cu", 1, 4, 0.60),
        ("Au", 3, 4, 0.68),
        ("Cs", 1, 12, 1.88),
    ],
)
def test_radii(symbol, charge, coordination, radius):
    assert charged_radius(symbol, charge, coordination) == radius


def test_unknown_charges_are_refused():
    with pytest.raises(UnknownNameError, match=r"Pb of charge \+3"):
        charged_radius("Pb", 3)


def test_charges_of_compounds():
    assert compound_charges(parse_compound("Cs2SnI6")) == {"Cs": 1, "Sn": 4, "I": -1}
    assert compound_charges(parse_compound("Cs2AgBiBr6"))["Bi"] == 3
