import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.variants import Side
from heterobuild.variants.sides import distinct_ends, distinct_faces, facing_end, slab_of


@pytest.mark.parametrize(
    ("options", "film", "substrate"),
    [
        ({}, "bottom", "top"),
        ({"film_face": "down"}, "top", "top"),
        ({"below": "film"}, "top", "bottom"),
        ({"below": "film", "substrate_face": "down"}, "top", "top"),
    ],
)
def test_the_facing_end_is_where_the_slabs_meet(options, film, substrate):
    """Compared with the facing planes of a built interface."""
    architecture = Vertical(**options)
    assert facing_end("film", architecture) == film
    assert facing_end("substrate", architecture) == substrate
    ends = {"film": {film: "PbBr2"}, "substrate": {substrate: "CsI"}}
    slabs = [
        slab_of(Side(crystal=load_crystal(name), miller="001", cut={"layers": 1, **ends[side]}))
        for side, name in (("film", "CsPbBr3_cubic"), ("substrate", "CsPbI3_alpha"))
    ]
    from dataclasses import replace

    from heterobuild.matching import MatchLimits

    built = replace(architecture, limits=MatchLimits(max_strain=0.08)).build(*slabs)
    gap = next(step for step in built.steps if step.name == "gap")
    assert "PbBr2" in gap.choice
    assert "CsI" in gap.choice


def test_opposite_faces_of_a_crystal_with_two_fold_axes_are_one():
    side = Side(crystal=load_crystal("CsPbBr3_cubic"), miller="001")
    ((found, count),) = distinct_faces(side, "both")
    assert (found.miller, count) == ((0, 0, 1), 2)


def test_opposite_faces_of_a_polar_crystal_are_two():
    """P6_3mc: gallium and nitrogen faces."""
    side = Side(crystal=load_crystal("GaN"), miller="001")
    assert [face.miller for face, _ in distinct_faces(side, "both")] == [(0, 0, 1), (0, 0, -1)]
    assert len(distinct_faces(side, "given")) == 1


def test_faces_of_a_list_are_compared():
    side = Side(crystal=load_crystal("CsPbBr3_cubic"), miller="001")
    found = distinct_faces(side, ["001", "100", "110", [1, 0, 1], "111"])
    assert [(face.miller, count) for face, count in found] == [
        ((0, 0, 1), 2),
        ((1, 1, 0), 2),
        ((1, 1, 1), 1),
    ]


def test_every_plane_is_one_end():
    side = Side(crystal=load_crystal("CsPbBr3_orthorhombic"), miller="001pc", cut={"layers": 1})
    found = distinct_ends(side, "top", every=True)
    assert sorted((plane, count) for _, plane, count in found) == [("Cs2Br2", 2), ("Pb2Br4", 2)]
    for ended, plane, _ in found:
        assert slab_of(ended).top.formula == plane
    assert len(distinct_ends(side, "top", every=False)) == 1


def test_a_symmetric_slab_is_chosen_by_its_bottom():
    side = Side(
        crystal=load_crystal("CsPbBr3_cubic"), miller="001", cut={"layers": 1, "symmetric": True}
    )
    tops = [slab_of(ended).top.formula for ended, _, _ in distinct_ends(side, "top", every=True)]
    assert sorted(tops) == ["CsBr", "PbBr2"]
