"""How grains stand: frames, lattice planes, and what contradicts itself."""

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.incoherent.side_by_side_standing import standing

BA, HEXAGONAL = load_crystal("BA2PbI4"), load_crystal("Cs4PbI6")
TETRAGONAL = load_crystal("MAPbI3")


@pytest.mark.parametrize(
    ("crystal", "text", "along", "plane"),
    [
        (BA, "[100] (010)", (1, 0, 0), (0, 1, 0)),
        (BA, "[001] (010)", (0, 0, 1), (0, 1, 0)),
        (BA, "[001] (110)", (0, 0, 1), (1, 1, 0)),
        (HEXAGONAL, "", (1, 0, 0), (0, 0, 1)),
        (HEXAGONAL, "[1 -1 1] (110)", (1, -1, 1), (1, 1, 0)),
        (TETRAGONAL, "[1-10] (110)", (1, -1, 0), (1, 1, 0)),
    ],
)
def test_frame(crystal, text, along, plane):
    found = standing(crystal, text)
    assert np.linalg.det(found.rotation) == pytest.approx(1)
    line = np.array(along) @ crystal.cell @ found.rotation
    assert line / np.linalg.norm(line) == pytest.approx([1, 0, 0], abs=1e-9)
    normal = np.array(plane) @ np.linalg.inv(crystal.cell).T @ found.rotation
    assert normal / np.linalg.norm(normal) == pytest.approx([0, 0, 1], abs=1e-9)
    volume = abs(np.linalg.det(found.basis @ crystal.cell))
    assert np.prod(found.repeats) == pytest.approx(volume)
    assert np.linalg.det(found.basis) > 0.5
    # The plane spacing is 1/|h| in reciprocal space; the vectors in the plane are the shortest.
    spacing = 1 / np.linalg.norm(np.array(plane) @ np.linalg.inv(crystal.cell).T)
    assert found.repeats[2] == pytest.approx(spacing)


def test_pseudocubic_indices_are_those_of_the_cell():
    one = standing(TETRAGONAL, "[110]pc (001)pc")
    other = standing(TETRAGONAL, "[100] (001)")
    assert one.repeats == pytest.approx(other.repeats)


@pytest.mark.parametrize(
    ("crystal", "text", "words"),
    [
        (BA, "[010] (010)", "does not lie in the plane"),
        (HEXAGONAL, "[100]pc (001)pc", "no pseudo-cubic axes"),
        (BA, "along a", "write it like"),
        (BA, "[100]", "write it like"),
    ],
)
def test_contradictions(crystal, text, words):
    with pytest.raises(UsageError, match=words):
        standing(crystal, text)


def test_the_nearest_direction_is_told():
    with pytest.raises(UsageError) as caught:
        standing(BA, "[110] (010)")
    assert "[1 0 0]" in caught.value.next_step
