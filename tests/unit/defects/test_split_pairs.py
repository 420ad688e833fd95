import numpy as np
import pytest

from heterobuild.defects.split_pairs import Ion, split_pair


def test_a_pair_lies_across_the_bonds_and_about_the_site(stack, table):
    units, _ = table(stack)
    host = int(np.flatnonzero((units.layer == 3) & (units.charge == -1))[0])
    spot = split_pair(units, host, Ion(radius=1.96, charge=-1.0), np.random.default_rng(0))
    out = spot.point - units.centres[host]
    assert out == pytest.approx(-spot.shift)
    assert abs(out[2]) < 1e-9  # the bonds of a halide of a CsBr plane are along the normal
    assert 2.7 < 2 * np.linalg.norm(out) < 4.5
    assert spot.host == host


def test_there_is_more_room_than_in_other_directions(stack, table):
    units, _ = table(stack)
    host = int(np.flatnonzero((units.layer == 3) & (units.charge == -1))[0])
    spot = split_pair(units, host, Ion(radius=1.96, charge=-1.0), np.random.default_rng(0))
    # in the cubic crystal towards the middle of the edge of the A cube, not towards an A cation
    direction = np.abs(spot.shift / np.linalg.norm(spot.shift))
    assert np.sort(direction) == pytest.approx([0, 0, 1], abs=1e-6)
    assert spot.room > 1.0
