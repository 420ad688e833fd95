import math

import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.descriptors import (
    describe_compound,
    new_tolerance_factor,
    octahedral_factor,
    tolerance_factor,
)
from heterobuild.errors import UnknownNameError

BARTEL = """
CsCdBr3 0.93 3.96, RbCdBr3 0.89 4.11, CsHgBr3 0.91 3.94, CsMnBr3 0.97 4.13, CsNiBr3 1.02 4.56,
CsCaCl3 0.93 3.79, KCaCl3 0.87 4.13, RbCaCl3 0.89 3.98, CsCaF3 0.97 3.31, KCaF3 0.90 3.65,
KCaI3 0.85 4.52, CsEuCl3 0.88 3.94, CsFeCl3 1.01 4.06, CsGeCl3 1.03 4.20, CsSrCl3 0.87 3.95,
RbMnCl3 0.95 4.02, TlPbCl3 0.83 4.53, KCoF3 1.01 3.58, CsGeI3 0.98 4.74, CsMgI3 0.99 4.78,
CsPbI3 0.85 4.30, CsSrI3 0.85 4.29
"""
"""Tolerance factors t and τ of Bartel and others 2019 (10.1126/sciadv.aav0693), Table S1."""


def ions(formula):
    compound = parse_compound(formula)
    return [compound.on(site).parent for site in ("A", "B", "X")]


@pytest.mark.parametrize("row", [row.split() for row in BARTEL.replace("\n", " ").split(",")])
def test_published_tolerance_factors(row):
    formula, t, tau = row
    assert tolerance_factor(*ions(formula)) == pytest.approx(float(t), abs=0.0051)
    assert new_tolerance_factor(*ions(formula)) == pytest.approx(float(tau), abs=0.0051)


@pytest.mark.parametrize(("a", "t"), [("MA", 0.91), ("FA", 0.99), ("EA", 1.03), ("GUA", 1.04)])
def test_hybrid_lead_iodides_after_kieslich(a, t):
    assert tolerance_factor(a, "Pb", "I") == pytest.approx(t, abs=0.005)


def test_octahedral_factor_of_touching_spheres():
    assert octahedral_factor("Pb", "I") == pytest.approx(1.19 / 2.20)
    assert octahedral_factor({"Pb": 1, "Sn": 1}, "I") == pytest.approx(1.145 / 2.20)


def test_mixed_sites_count_with_their_mean_radius():
    found = describe_compound(parse_compound("FA0.85Cs0.15Pb(Br0.4I0.6)3"))
    r_a, r_x = 0.85 * 2.53 + 0.15 * 1.88, 0.4 * 1.96 + 0.6 * 2.20
    assert found.tolerance_factor == pytest.approx((r_a + r_x) / (2**0.5 * (1.19 + r_x)))
    assert found.octahedral_factor == pytest.approx(1.19 / r_x)
    double = describe_compound(parse_compound("Cs2AgBiBr6"))
    assert double.octahedral_factor == pytest.approx((1.15 + 1.03) / 2 / 1.96)


@pytest.mark.parametrize("formula", ["PEA2PbI4", "Cs4PbBr6", "Cs2SnI6", "CsCu2I3", "Cs2InBiCl6"])
def test_not_defined_for_other_types_and_other_charges(formula):
    found = describe_compound(parse_compound(formula))
    assert (found.tolerance_factor, found.octahedral_factor) == (None, None)


def test_a_small_a_cation_has_no_finite_new_factor():
    assert new_tolerance_factor("Li", "Pb", "I") == math.inf
    with pytest.raises(UnknownNameError):
        tolerance_factor("PEA", "Pb", "I")
