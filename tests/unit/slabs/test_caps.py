from __future__ import annotations

import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.labels import Site
from heterobuild.slabs import cut_slab, turn_slab
from heterobuild.slabs.caps import cap_slab, exchanged_site


@pytest.fixture(scope="module")
def slab():
    crystal = load_crystal("CsPbBr3_cubic")
    return cut_slab(crystal, "001", layers=2, bottom="CsBr", top="PbBr2")


def test_the_slab_itself_stays_as_it_is(slab):
    capped = cap_slab(slab, bottom={"PEA": 1.0}, coverage=0.5)
    assert capped.cap_top is None
    assert capped.cap_bottom.shares == (("PEA", 1.0),)
    assert capped.cap_bottom.coverage == 0.5
    assert (capped.atoms.positions == slab.atoms.positions).all()
    assert slab.cap_bottom is None


def test_without_caps_nothing_changes(slab):
    assert cap_slab(slab) is slab


def test_names_in_words_are_kept_for_the_record(slab):
    assert cap_slab(slab, bottom={"oleylammonium": 1.0}).cap_bottom.shares[0][0] == "oleylammonium"


def test_the_order_in_which_molecules_are_named_does_not_matter(slab):
    """A record sorts them, and must build the same model again."""
    first = cap_slab(slab, bottom={"PEA": 0.5, "BA": 0.5})
    second = cap_slab(slab, bottom={"BA": 0.5, "PEA": 0.5})
    assert first.cap_bottom.shares == second.cap_bottom.shares


def test_a_turned_slab_carries_its_cap_on_the_other_face(slab):
    turned = turn_slab(cap_slab(slab, bottom={"PEA": 1.0}))
    assert turned.cap_bottom is None
    assert turned.cap_top.shares == (("PEA", 1.0),)


def test_anions_replace_halides_and_cations_a_cations(slab):
    assert exchanged_site(1.0) == Site.A
    assert exchanged_site(-1.0) == Site.X
    assert cap_slab(slab, top={"oleate": 1.0}).cap_top.shares == (("oleate", 1.0),)


@pytest.mark.parametrize(
    ("options", "place", "told"),
    [
        ({"top": {"PEA": 1.0}}, "cap_top", "CsBr"),
        ({"bottom": {"4AMP": 1.0}}, "cap_bottom", "+2"),
        ({"bottom": {"PTLA-neutral": 1.0}}, "cap_bottom", "+0"),
        ({"bottom": {"PEA": 0.5}}, "cap_bottom", "0.5"),
        ({"bottom": {"PEA": 0.5, "oleate": 0.5}}, "cap_bottom", "oleate"),
        ({"bottom": {}}, "cap_bottom", "shares"),
        ({"bottom": {"PEA": 1.0}, "coverage": 1.2}, "cap_coverage", "1.2"),
        ({"bottom": {"PEA": 1.0}, "coverage": 0.0}, "cap_coverage", "0"),
        ({"coverage": 0.5}, "cap_coverage", "cap_top or cap_bottom"),
        ({"bottom": {"PEA": 1.0}, "coverage": float("nan")}, "cap_coverage", "nan"),
    ],
)
def test_what_cannot_stand_on_a_face_is_refused_where_it_is_written(slab, options, place, told):
    with pytest.raises(UsageError) as caught:
        cap_slab(slab, **options)
    assert caught.value.where == place
    assert told in str(caught.value)


def test_unknown_molecules_get_a_suggestion(slab):
    with pytest.raises(UnknownNameError, match="PEA"):
        cap_slab(slab, bottom={"PEAA": 1.0})
