from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.ions import (
    charge_table,
    formal_charge,
    ion_table,
    ionic_radius,
    radius_table,
    site_role,
    site_table,
)
from heterobuild.errors import UnknownNameError
from heterobuild.labels import Site

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


# Shannon 1976, 10.1107/S0567739476001551.
@pytest.mark.parametrize(
    ("symbol", "coordination", "radius"),
    [
        ("Cs", 6, 1.67),
        ("Cs", 12, 1.88),
        ("Pb", 6, 1.19),
        ("Cl", 6, 1.81),
        ("Br", 6, 1.96),
        ("I", 6, 2.20),
        ("Cu", 4, 0.60),
        ("Ti", 6, 0.605),
        ("O", 6, 1.40),
        ("Mg", 6, 0.72),
        ("Si", 4, 0.26),
        ("F", 4, 1.31),
    ],
)
def test_shannon_radii(symbol, coordination, radius):
    assert ionic_radius(symbol, coordination) == radius


def test_shannon_radii_agree_with_pymatgen():
    from pymatgen.core import Element

    roman = dict(
        enumerate(
            ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], start=1
        )
    )
    compared = 0
    for symbol, ion in ion_table().items():
        if 0 in ion.radii or symbol == "Sn":
            continue
        theirs = Element(symbol).data["Shannon radii"][str(ion.charge)]
        for number, radius in ion.radii.items():
            if roman[number] in theirs:
                spins = theirs[roman[number]]
                spin = "High Spin" if "High Spin" in spins else ""
                assert radius == spins[spin]["ionic_radius"], (symbol, number)
                compared += 1
    assert compared > 100


def test_default_coordination():
    assert ionic_radius("Pb") == ionic_radius("Pb", 6)
    assert ionic_radius("Cu") == ionic_radius("Cu", 4)
    assert ionic_radius("N") == 1.46


def test_nearest_tabulated_coordination_the_smaller_of_two():
    assert ionic_radius("Pb", 7) == 1.19
    assert ionic_radius("Br", 2) == 1.96


@pytest.mark.parametrize(("symbol", "radius"), [("MA", 2.17), ("FA", 2.53), ("NH4", 1.46)])
def test_molecular_radii_of_kieslich(symbol, radius):
    assert ionic_radius(symbol) == ionic_radius(symbol, 12) == radius


def test_goldschmidt_factor_of_mapbi3():
    # Kieslich, Sun, Cheetham 2014: 0.91 for MAPbI3.
    factor = (ionic_radius("MA") + ionic_radius("I")) / (
        np.sqrt(2) * (ionic_radius("Pb") + ionic_radius("I"))
    )
    assert factor == pytest.approx(0.91, abs=0.005)


@pytest.mark.parametrize(
    "formula",
    [
        {"Cs": 1, "Pb": 1, "Br": 3},
        {"MA": 1, "Pb": 1, "Cl": 3},
        {"Cs": 2, "Ag": 1, "Bi": 1, "Br": 6},
        {"Cs": 3, "Cu": 2, "I": 5},
        {"Sr": 1, "Ti": 1, "O": 3},
        {"Ga": 1, "N": 1},
        {"Si": 1, "O": 2},
        {"Al": 2, "O": 3},
        {"Ca": 1, "F": 2},
        {"Pb": 1, "S": 1},
        {"Cs": 1, "Mn": 1, "I": 3},
    ],
)
def test_known_compounds_are_neutral(formula):
    assert sum(formal_charge(symbol) * count for symbol, count in formula.items()) == 0


def test_unknown_symbol_is_a_clear_error():
    with pytest.raises(UnknownNameError, match="'Xx'"):
        ionic_radius("Xx")
    with pytest.raises(UnknownNameError, match="did you mean FA"):
        formal_charge("FAA")


def test_roles():
    expected = {"Cs": Site.A, "MA": Site.A, "Sn": Site.B, "Cl": Site.X, "H": Site.OTHER}
    assert {symbol: site_role(symbol) for symbol in expected} == expected


def test_tables_hold_the_same_values_and_cannot_be_changed():
    assert radius_table()[[82, 35, 29]].tolist() == [1.19, 1.96, 0.60]
    assert radius_table(12)[55] == 1.88
    assert charge_table()[[55, 82, 53]].tolist() == [1, 2, -1]
    assert site_table()[[55, 82, 53, 6]].tolist() == [Site.A, Site.B, Site.X, Site.OTHER]
    assert np.isnan(radius_table()[[0, 1, 6]]).all()
    for table in (radius_table(), charge_table(), site_table()):
        assert table.shape == (119,)
        with pytest.raises(ValueError, match="read-only"):
            table[1] = 0
