"""Amounts against atoms counted in the crystals."""

import numpy as np
import pytest

from heterobuild.coherent.mixtures_amounts import (
    Amounts,
    formula_shares,
    octahedron_shares,
    salts_of,
    unit_volume,
    volume_shares,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError

RICH, CUBE = load_crystal("Cs4PbBr6"), load_crystal("CsPbBr3")
PAIR = (RICH, CUBE)


def ratio_of(crystals, units, cation, metal):
    """Count elements of so many formula units."""
    totals = np.zeros(2)
    for crystal, n in zip(crystals, units, strict=True):
        symbols = crystal.atoms.get_chemical_symbols()
        totals += n * np.array([symbols.count(cation), symbols.count(metal)]) / crystal.z
    return totals[0] / totals[1]


@pytest.mark.parametrize("ratio", [1.4, 1.56, 3.9])
def test_precursors_make_the_phases(ratio):
    units = formula_shares(Amounts(precursor_ratio=ratio), PAIR)
    assert units.sum() == pytest.approx(1)
    assert ratio_of(PAIR, units, "Cs", "Pb") == pytest.approx(ratio)


def test_copper_halides():
    pair = load_crystal("CsCu2I3"), load_crystal("Cs3Cu2I5")
    units = formula_shares(Amounts(precursor_ratio=1.0), pair)
    assert ratio_of(pair, units, "Cs", "Cu") == pytest.approx(1.0)


def test_volumes_of_formula_units():
    shares = volume_shares(Amounts(molar_ratio=(2, 13)), PAIR)
    volumes = [
        abs(np.linalg.det(c.cell)) / c.atoms.get_chemical_symbols().count("Pb") for c in PAIR
    ]
    assert shares[0] / shares[1] == pytest.approx(2 * volumes[0] / (13 * volumes[1]))
    assert [unit_volume(c) for c in PAIR] == pytest.approx(volumes)


def test_octahedra_of_formula_units():
    """Cs2AgBiBr6 has two octahedra in a formula unit."""
    double = load_crystal("Cs2AgBiBr6")
    shares = octahedron_shares(Amounts(molar_ratio=(1, 2)), (double, CUBE))
    assert shares == pytest.approx([0.5, 0.5])
    assert salts_of(double) == (2.0, 2.0)


def test_layered_cations_count():
    assert salts_of(load_crystal("PEA2PbI4")) == (2.0, 1.0)


def test_equal_volumes_by_default():
    assert volume_shares(Amounts(), (CUBE, RICH, CUBE)).tolist() == [1 / 3] * 3


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ({"volume_fractions": (0.5, 0.4)}, r"sum to one.*together 0.9.*use 0.5556, 0.4444"),
        ({"volume_fractions": (0.5, 0.3, 0.2)}, r"3 numbers for 2 phases.*use 0.5, 0.5"),
        ({"volume_fractions": (1.2, -0.2)}, r"share above 0.*volume_fractions"),
        ({"molar_ratio": (1.0, float("nan"))}, r"share above 0.*molar_ratio"),
        ({"molar_ratio": (1, 1), "precursor_ratio": 2.0}, r"both molar_ratio and precursor_ratio"),
        ({"precursor_ratio": 0.9}, r"between 1 and 4.*CsPbBr3.* and Cs4PbBr6.*nearest is CsPbBr3"),
        ({"precursor_ratio": 5.0}, r"found 5; allowed between 1 and 4.*nearest is Cs4PbBr6 alone"),
        ({"precursor_ratio": float("nan")}, r"no mixture"),
    ],
)
def test_refusals(amounts, words):
    with pytest.raises(UsageError, match=words):
        volume_shares(Amounts(**amounts), PAIR)


def test_precursors_that_say_nothing():
    with pytest.raises(UsageError, match=r"same ratio of precursors, 1.*molar_ratio"):
        volume_shares(Amounts(precursor_ratio=1.2), (CUBE, load_crystal("CsPbI3_delta")))
    with pytest.raises(UsageError, match=r"two phases of one metal"):
        volume_shares(Amounts(precursor_ratio=1.2), (RICH, load_crystal("CsSnI3")))
