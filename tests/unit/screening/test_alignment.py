from __future__ import annotations

from dataclasses import replace

import pytest

from heterobuild import load_crystal
from heterobuild.screening.alignment import align_bands, alignment_type
from heterobuild.screening.measured_crystals import load_measured


def aligned(film, substrate):
    return align_bands(load_measured(film), load_measured(substrate))


# Edges of Tao et al. 2019, 10.1038/s41467-019-10468-7.
def test_straddling_gap():
    found = aligned("CsPbBr3", "MAPbCl3")
    assert found.kind == "I"
    assert found.conduction_offset == pytest.approx(-4.17 + 3.77)
    assert found.valence_offset == pytest.approx(-6.53 + 6.92)
    assert found.uncertainty == pytest.approx(0.02**0.5)
    assert (found.electrons, found.holes) == ("film", "film")


def test_staggered_gap():
    # FASnBr3 −6.23, −3.60; CsPbI3 −6.25, −4.47; MASnI3 −5.39, −4.07
    found = aligned("MASnI3", "CsPbI3_alpha")
    assert (found.kind, found.electrons, found.holes) == ("II", "substrate", "film")


def test_close_edges_leave_the_type_open():
    found = aligned("CsPbBr3", "MAPbBr3")
    assert found.kind == "I or II"
    assert (found.electrons, found.holes) == ("either", "either")


@pytest.mark.parametrize(
    ("film", "substrate"),
    [("CsPbBr3", "MAPbCl3"), ("MASnI3", "CsPbI3_alpha"), ("CsPbBr3", "MAPbBr3")],
)
def test_the_order_of_the_two_does_not_matter(film, substrate):
    one, other = aligned(film, substrate), aligned(substrate, film)
    assert one.kind == other.kind
    assert one.conduction_offset == -other.conduction_offset
    swapped = {"film": "substrate", "substrate": "film", "either": "either"}
    assert swapped[one.electrons] == other.electrons


# Conduction and valence offset, reach: the four arrangements of two gaps.
@pytest.mark.parametrize(
    ("offsets", "kind"),
    [
        ((-0.5, 0.5, 1.0), "I"),
        ((0.5, -0.5, 1.0), "I"),
        ((0.5, 0.5, 1.0), "II"),
        ((-0.5, -0.5, 1.0), "II"),
        ((2.0, 2.0, -0.5), "III"),
        ((1.5, 1.5, 0.05), "II or III"),
        ((1.5, 1.5, -0.05), "II or III"),
        ((0.05, 0.5, 1.0), "I or II"),
        ((-0.5, 0.05, 1.0), "I or II"),
    ],
)
def test_types(offsets, kind):
    assert alignment_type(*offsets, 0.1) == kind


@pytest.mark.parametrize("other", ["Cs4PbBr6", "NaCl", "CsPbI3_delta"])
def test_a_missing_edge_is_unknown(other):
    found = aligned("CsPbBr3", other)
    assert found.kind == "unknown"
    assert found.electrons is found.holes is found.uncertainty is None


def test_reports_contradict_one_another_and_all_are_shown():
    found = aligned("CsPbBr3", "PEA2PbBr4")
    assert [entry.kind for entry in found.reported] == ["I", "II", "I"]
    assert all(entry.source for entry in found.reported)
    assert aligned("NaCl", "KCl").reported == ()


def test_a_users_perovskite_is_known_by_its_formula():
    mine = replace(load_crystal("CsPbBr3_cubic"), name="my relaxed cell", phase="user")
    assert align_bands(mine, load_crystal("MAPbCl3")).kind == "I"
    other = replace(mine, pseudocubic=None)
    assert align_bands(other, load_crystal("MAPbCl3")).kind == "unknown"


def test_a_mixed_crystal_lies_between_its_end_members():
    found = aligned("CsPb(Br0.5I0.5)3", "CsPbCl3")
    bromide, iodide = aligned("CsPbBr3", "CsPbCl3"), aligned("CsPbI3_gamma", "CsPbCl3")
    assert found.kind == "I"
    for name in ("conduction_offset", "valence_offset"):
        ends = getattr(bromide, name), getattr(iodide, name)
        assert getattr(found, name) == pytest.approx(sum(ends) / 2)
    assert found.film.kind == "interpolated"
    assert aligned("CsPb0.5Sr0.5Br3", "CsPbCl3").kind == "unknown"
