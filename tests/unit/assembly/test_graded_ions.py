"""Ions on the planes of a wall."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.assembly.graded_ions import WallIons, compositions, exchange
from heterobuild.assembly.graded_walls import GradedWall
from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.model import SiteProfile, WallProfile

SIDE = 6
RAMP = SiteProfile(kind="linear", width=12.0)


def wall_of(outer_charge=-1.0):
    """Six square planes of 36 halides, 3 Å apart, bromide below and iodide above."""
    plane = np.repeat(np.arange(6), SIDE * SIDE)
    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij"), axis=-1)
    flat = np.tile(grid.reshape(-1, 2) * 4.0, (6, 1))
    number = np.array([-3, -2, -1, 1, 2, 3])
    wall = GradedWall(
        inner=0,
        outer=1,
        planes=np.arange(6),
        distance=3.0 * np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]),
        number=number,
        rooms=(9.0, 9.0),
        profile=WallProfile(kind="linear", width=12.0),
    )
    return WallIons(
        wall=wall,
        units=np.arange(len(plane)) + 100,
        row=plane,
        site=np.full(len(plane), int(Site.X)),
        centres=np.column_stack([flat, plane * 3.0]),
        ion=(plane >= 3).astype(int),
        names=("Br", "I"),
        charges=np.array([-1.0, outer_charge]),
    )


CELL = Atoms(cell=[24.0, 24.0, 30.0], pbc=(True, True, False))


@pytest.mark.parametrize("in_plane", ["random", "ordered", "quasirandom"])
def test_the_ramp_in_whole_ions(in_plane):
    made = exchange(wall_of(), "X", RAMP, in_plane, atoms=CELL, rng=np.random.default_rng(0))
    expected = 36 * np.clip(0.5 - wall_of().wall.distance / 12.0, 0, 1)
    assert np.allclose(made.asked[:, 0], expected, atol=1e-4)
    assert np.abs(made.reached[:, 0] - expected).max() < 1
    assert made.reached.sum(axis=0).tolist() == [108, 108]
    assert made.mixed.tolist() == [False, True, True, True, True, False]


def test_only_changed_units_are_named():
    ions = wall_of()
    made = exchange(ions, "X", RAMP, "random", atoms=CELL, rng=np.random.default_rng(1))
    before = ions.ion[made.changed - 100]
    assert (before != made.chosen).all()
    after = ions.ion.copy()
    after[made.changed - 100] = made.chosen
    assert np.bincount(ions.row, weights=after == 0).tolist() == made.reached[:, 0].tolist()


def test_correlations_inside_planes_are_as_asked():
    """Mean product of neighbouring ±1 in the plane of share 5/8, less that of chance."""
    found = {}
    for in_plane in ("random", "quasirandom", "ordered"):
        ions = wall_of()
        made = exchange(ions, "X", RAMP, in_plane, atoms=CELL, rng=np.random.default_rng(4))
        after = ions.ion.copy()
        after[made.changed - 100] = made.chosen
        spin = 1.0 - 2 * after[ions.row == 2].reshape(SIDE, SIDE)
        pairs = [np.mean(spin * np.roll(spin, 1, axis=axis)) for axis in (0, 1)]
        found[in_plane] = float(np.mean(pairs)) - spin.mean() ** 2
    assert abs(found["quasirandom"]) <= 0.06
    assert found["ordered"] < -0.4


def test_compositions_of_both_sides():
    inner, outer = compositions(wall_of())
    assert (inner, outer) == ({"X": {"Br": 1.0}}, {"X": {"I": 1.0}})


def test_ions_of_unlike_charge_are_refused():
    with pytest.raises(UsageError, match=r"Br -1 e, I -2 e.*X: \{kind: sharp\}"):
        exchange(
            wall_of(outer_charge=-2.0),
            "X",
            RAMP,
            "random",
            atoms=CELL,
            rng=np.random.default_rng(0),
        )
