"""Common lengths along a line: who is strained, and the nearest misses."""

from math import log

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import NothingFitsError
from heterobuild.incoherent.side_by_side_lines import common_line, edge_of, stiffness_shares

PAIR = load_crystal("Cs4PbI6"), load_crystal("CsPbI3:cubic")


def line(lengths=(14.527, 6.35), shares=(1.0, 1.0), rank=0, most=0.04, longest=60.0):
    return common_line(
        lengths, most_strain=most, longest=longest, rank=rank, shares=shares, names=("A", "B")
    )


def test_shared_strains_are_opposite():
    found = line()
    assert found.counts == (3, 7)
    strains = np.log1p(found.strains)
    assert strains.sum() == pytest.approx(0)
    assert abs(strains[0] - strains[1]) == pytest.approx(abs(log(3 * 14.527 / (7 * 6.35))))
    for count, own, strain in zip(found.counts, (14.527, 6.35), found.strains, strict=True):
        assert count * own * (1 + strain) == pytest.approx(found.length)


@pytest.mark.parametrize(("strain", "kept"), [("first", 1), ("second", 0), (1.0, 1), (0.0, 0)])
def test_one_side_takes_it_all(strain, kept):
    found = line(shares=stiffness_shares(PAIR, (1.0, 1.0), strain))
    assert found.strains[kept] == pytest.approx(0, abs=1e-12)
    assert abs(found.strains[1 - kept]) > 0.01


def test_a_share_is_that_of_the_first():
    found = np.log1p(line(shares=stiffness_shares(PAIR, (1.0, 1.0), 0.7)).strains)
    assert abs(found[0]) / abs(found[1]) == pytest.approx(0.7 / 0.3)


def test_stiffness_is_weighed_with_the_cross_section():
    small, large = (stiffness_shares(PAIR, areas, "stiffness") for areas in ((1, 1), (1, 3)))
    assert large[0] == pytest.approx(small[0])
    assert large[1] == pytest.approx(3 * small[1])


def test_later_matches_are_longer():
    first, second = line(rank=0), line(rank=1)
    assert second.length > first.length
    assert first.others == second.others == 1


def test_nearest_misses_are_told():
    with pytest.raises(NothingFitsError) as caught:
        line(most=0.001)
    assert "4 : 9 (1.66 %, 58.1 Å)" in caught.value.next_step
    with pytest.raises(NothingFitsError, match="2 common lengths"):
        line(rank=5)


def test_edges():
    assert edge_of(PAIR[1]) == pytest.approx(PAIR[1].cell[0, 0])
    volume = abs(np.linalg.det(PAIR[0].cell)) / 6
    assert edge_of(PAIR[0]) ** 3 == pytest.approx(volume)
