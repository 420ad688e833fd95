from fractions import Fraction

import pytest

from heterobuild.chemistry.notation import read_units
from heterobuild.chemistry.sites import assign_sites
from heterobuild.chemistry.structure_types import SIMPLE, layered_type, nearest_type
from heterobuild.errors import UsageError


def fit(formula, charge=0):
    return nearest_type(assign_sites(read_units(formula), formula), charge)


def test_all_types_are_neutral_for_their_usual_metals():
    charges = {"abx3": 2, "a4bx6": 2, "ab2x5": 2, "a2bx6": 4, "ab2x3": 1, "a3b2x5": 1}
    for structure in SIMPLE:
        _, a, b, x = structure.counts
        assert a + b * charges[structure.prototype] == x


@pytest.mark.parametrize("charge", [1, 2])
@pytest.mark.parametrize("n", range(1, 11))
def test_layered_types_are_neutral_for_divalent_metals(n, charge):
    spacers, a, b, x = layered_type(n, charge).counts
    assert (charge * spacers + a + 2 * b, a, b) == (x, n - 1, n)


def test_multiples_of_a_formula_unit():
    assert fit("Cs4Pb4Br12").scale == 4
    assert fit("BA4Pb2I8", 1).structure.layers == 1
    assert fit("BA4Pb2I8", 1).scale == 2


def test_the_site_that_is_short_is_named():
    found = fit("FA0.8Cs0.1PbI3")
    assert found.structure.prototype == "abx3"
    assert found.off == {"A": (Fraction(9, 10), Fraction(1))}


def test_large_multiples_need_no_search():
    found = fit("BA2000000MA1000000Pb2000000I7000000", 1)
    assert (found.structure.layers, found.scale, found.off) == (2, 1000000, {})
    assert fit("BA2MA19Pb20I61", 1).structure.layers == 20
    with pytest.raises(UsageError, match="n = 21 octahedra"):
        fit("BA2MA20Pb21I64", 1)
