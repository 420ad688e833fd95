import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits, find_matches, stream_matches

OBLIQUE = np.array([[5.1, 0.0], [1.7, 6.3]])
PAIRS = [
    (np.diag([5.874, 5.874]), np.diag([6.289, 6.289])),
    (OBLIQUE, np.array([[6.0, 0.0], [-0.9, 7.1]])),
    ((load_crystal("CsPbBr3_cubic"), "111"), (load_crystal("Cs4PbBr6"), "001")),
]


def key(match):
    return (round(match.area, 4), round(match.log_strain, 8), round(match.rotation, 4))


@pytest.mark.parametrize(("film", "substrate"), PAIRS)
def test_the_stream_holds_the_same_matches(film, substrate):
    limits = MatchLimits(max_area=1100)
    streamed = [key(match) for match in stream_matches(film, substrate, limits)]
    assert sorted(streamed) == sorted(key(match) for match in find_matches(film, substrate, limits))
    areas = [area for area, _, _ in streamed]
    assert areas == sorted(areas)


def test_progress_ends_at_one():
    said = []
    list(stream_matches(*PAIRS[0], progress=said.append))
    assert said == sorted(said)
    assert said[-1] == pytest.approx(1.0)


def test_memory_does_not_grow_with_the_matches():
    import tracemalloc

    limits = MatchLimits(max_area=2500)
    tracemalloc.start()
    count = sum(1 for _ in stream_matches(*PAIRS[0], limits))
    streamed = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    assert len(find_matches(*PAIRS[0], limits)) == count
    at_once = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert streamed < at_once / 3
