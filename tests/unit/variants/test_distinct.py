from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.errors import NothingFitsError
from heterobuild.matching import MatchLimits
from heterobuild.variants import Enumeration, Side, distinct_interfaces
from heterobuild.variants.sides import slab_of


def find(film, substrate, asked, *, faces=("001", "001"), strain=0.08, area=60, **options):
    sides = [
        Side(crystal=load_crystal(name), miller=face, cut={"layers": 1})
        for name, face in zip((film, substrate), faces, strict=True)
    ]
    limits = MatchLimits(max_strain=strain, max_area=area)
    return distinct_interfaces(*sides, Vertical(limits=limits, **options), asked)


def test_cubic_on_cubic_is_four_pairs_of_planes_with_three_shifts_each():
    """p4mm: of the places (0, 0), (1/2, 0), (0, 1/2), (1/2, 1/2) two are images."""
    found = find("CsPbBr3_cubic", "CsPbI3_alpha", Enumeration(matches=1))
    pairs = Counter(variant.planes for variant in found)
    assert pairs == dict.fromkeys(
        [("CsBr", "CsI"), ("CsBr", "PbI2"), ("PbBr2", "CsI"), ("PbBr2", "PbI2")], 3
    )
    assert len({variant.label for variant in found}) == 12
    # 2 × 2 faces, 2 × 2 planes, 4 shifts
    assert sum(variant.multiplicity for variant in found) == 64


def test_given_planes_and_one_shift_are_one_interface():
    asked = Enumeration(terminations="given", matches=1, shifts=1, faces="given")
    (found,) = find("CsPbBr3_cubic", "CsPbI3_alpha", asked)
    assert found.architecture.shift == (0.0, 0.0)
    assert found.multiplicity == 1


@pytest.mark.parametrize("faces", [("001", "001"), ("110", "110"), ("111", "111")])
def test_the_interfaces_are_those_that_an_independent_matcher_tells_apart(faces):
    """All places of the grid are built, and grouped by pymatgen's matcher."""
    from pymatgen.analysis.structure_matcher import StructureMatcher
    from pymatgen.io.ase import AseAtomsAdaptor

    asked = Enumeration(matches=1, terminations="given", faces="given")
    single = find("CsPbBr3_cubic", "CsPbI3_alpha", asked, faces=faces, area=75)
    film, substrate = slab_of(single[0].film), slab_of(single[0].substrate)
    matcher = StructureMatcher(
        primitive_cell=False, scale=False, attempt_supercell=False, ltol=0.001, stol=0.02
    )
    structures = []
    for shift in [(0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)]:
        atoms = replace(single[0].architecture, shift=shift).build(film, substrate).atoms
        atoms.pbc = True
        structures.append(AseAtomsAdaptor.get_structure(atoms))
    groups = matcher.group_structures(structures)
    assert len(single) == len(groups)
    assert sorted(v.multiplicity for v in single) == sorted(map(len, groups))


def test_no_two_variants_are_one_structure():
    from heterobuild.variants.same_structure import superpose

    asked = Enumeration(matches=1, shifts=3)
    found = find("CsPbBr3_cubic", "CsPbI3_alpha", asked)
    built = [v.architecture.build(slab_of(v.film), slab_of(v.substrate)).atoms for v in found]
    assert not any(superpose(one, other) for one, other in combinations(built, 2))


def test_mirror_images_are_counted_once_for_achiral_crystals():
    asked = Enumeration(matches=50, shifts=1, terminations="given", faces="given")
    found = find("CsPbBr3_cubic", "CsPbI3_alpha", asked, area=420, strain=0.03)
    turned = [v for v in found if v.multiplicity == 2]
    assert turned
    for variant in turned:
        match = variant.architecture.build(slab_of(variant.film), slab_of(variant.substrate)).match
        assert abs(match.rotation) % 45 > 0.1


def test_mirror_images_of_a_chiral_film_are_not_merged():
    """Left- and right-turned matches of a chiral film differ; those of quartz on MgO are pairs."""
    asked = Enumeration(matches=50, shifts=1, terminations="given", faces="given")
    sides = ["SiO2_quartz", "MgO"]
    found = find(*sides, asked, area=150, strain=0.05)
    rotations = []
    for variant in found:
        built = variant.architecture.build(slab_of(variant.film), slab_of(variant.substrate))
        rotations.append((round(built.match.log_strain, 5), built.match.rotation))
    pairs = [
        (one, other)
        for one, other in combinations(rotations, 2)
        if one[0] == other[0] and abs(one[1] + other[1]) % 30 < 1e-3
    ]
    assert pairs
    assert len(np.unique([v.multiplicity for v in found])) == 1


def test_the_shift_of_the_architecture_is_kept():
    asked = Enumeration(matches=1, terminations="given", faces="given")
    found = find("CsPbBr3_cubic", "CsPbI3_alpha", asked, shift=(0.1, 0.0))
    assert found[0].architecture.shift == (0.1, 0.0)
    assert len(found) == 4


def test_nothing_within_the_limits_is_told_with_the_nearest_miss():
    with pytest.raises(NothingFitsError, match="nearest misses"):
        find("CsPbBr3_cubic", "CsPbI3_alpha", Enumeration(), strain=0.001)


def test_a_pair_of_faces_that_does_not_fit_stays_in_the_list():
    asked = Enumeration(
        matches=1, shifts=1, terminations="given", faces={"film": ((0, 0, 1), (1, 1, 1))}
    )
    found = find("CsPbBr3_cubic", "CsPbI3_alpha", asked)
    assert [v.label for v in found] == ["001_CsBr-on-001_PbI2_m0_s0", "111_CsBr3-on-001_PbI2_m0_s0"]
