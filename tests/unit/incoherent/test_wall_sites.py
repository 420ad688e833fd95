"""Walls that lack cations: what stays, what goes, and how evenly halides are given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from heterobuild.frameworks.block import halides_of, links_of
from heterobuild.incoherent.openings import open_host
from heterobuild.incoherent.wall_neutrality import neutral_walls
from heterobuild.incoherent.wall_sites import completed_walls, spread_halides, wall_charges
from heterobuild.labels import CHARGE, Site


@pytest.fixture(scope="module")
def wall(cubic_host, guest):
    return open_host(cubic_host, [guest], gap=0.0)


def halides_around(host, opened):
    """Count bromides around each kept lead by distance."""
    kept = opened.kept.ravel()[host.site_of]
    there, numbers = host.atoms.positions[kept], host.atoms.numbers[kept]
    images = (np.array(list(np.ndindex(3, 3, 3))) - 1) @ host.cell
    bromine = (there[numbers == 35][:, None] + images[None]).reshape(-1, 3)
    return (cdist(there[numbers == 82], bromine) < 3.4).sum(axis=1)


def test_the_charge_of_a_wall_is_that_of_what_is_left(cubic_host, guest, wall):
    kept = wall.kept.ravel()[cubic_host.site_of]
    left = cubic_host.atoms.arrays[CHARGE][kept].sum()
    assert left < 0
    assert wall_charges(cubic_host, wall, 1).tolist() == pytest.approx([left])


def test_completed_walls_are_less_charged_and_keep_their_octahedra(cubic_host, guest, wall):
    found = completed_walls(cubic_host, wall, [guest], gap=0.0)
    before, after = (wall_charges(cubic_host, w, 1)[0] for w in (wall, found))
    assert before <= after <= 0 or after >= 0
    assert (halides_around(cubic_host, found) == 6).all()
    occupied = cubic_host.draft.sites.species >= 0
    np.testing.assert_array_equal(found.taken_for > 0, occupied & ~found.kept)
    kept = found.kept.ravel()[cubic_host.site_of]
    own = guest.atoms.positions + guest.centre
    caesium = cubic_host.atoms.positions[kept & (cubic_host.atoms.numbers == 55)]
    assert cdist(caesium, own[guest.atoms.numbers == 55]).min() > 3.34


def test_an_octahedron_on_a_thread_goes(cubic_host, guest, wall):
    """Cut all octahedra around one but the one behind it: it hangs on one halide."""
    block = cubic_host.draft.sites.block
    b_units = block.framework.b_units
    octahedra = wall.octahedra.copy()
    cells = np.argwhere(octahedra[..., 0])
    away = cells - np.array(np.argwhere(~octahedra[..., 0])).mean(axis=0)
    x, y, z = cells[np.argmax(np.abs(away).sum(axis=1))].tolist()
    n = octahedra.shape[0]
    for step in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1)):
        octahedra[(x + step[0]) % n, (y + step[1]) % n, (z + step[2]) % n, 0] = False
    kept = wall.kept & (links_of(block, octahedra) > 0)
    kept[..., b_units] = octahedra
    taken = np.where((cubic_host.draft.sites.species >= 0) & ~kept, 1, 0).astype(np.int16)
    near = links_of(block, octahedra) < block.framework.full
    hanging = replace(
        wall,
        kept=kept,
        octahedra=octahedra,
        taken_for=taken,
        wall_of=np.where(kept & near, 1, 0).astype(np.int16),
    )
    found = completed_walls(cubic_host, hanging, [guest], gap=0.0)
    assert octahedra[x, y, z, 0]
    assert not found.octahedra[x, y, z, 0]
    assert (halides_around(cubic_host, found) == 6).all()


@pytest.mark.parametrize("most", [1, 2])
def test_halides_are_taken_evenly_and_as_many_as_possible(cubic_host, wall, most):
    block = cubic_host.draft.sites.block
    roles = block.framework.site
    index = np.flatnonzero(wall.wall_of.astype(bool) & (roles == Site.X))
    chosen = spread_halides(cubic_host, wall.octahedra, index, most)
    gone = np.zeros(wall.kept.size, dtype=bool)
    gone[index[chosen]] = True
    lost = halides_of(block, gone.reshape(wall.kept.shape))[wall.octahedra]
    assert lost.max() == most
    full = halides_of(block, wall.wall_of.astype(bool) & (roles == Site.X))[wall.octahedra]
    assert (lost == np.minimum(full, most)).all()


def test_no_lead_gives_a_second_halide_before_others_gave_one(cubic_host, guest, wall):
    left, _, _ = neutral_walls(cubic_host, wall, [guest], "remove-X", seed=1)
    around = halides_around(cubic_host, left)
    assert around.min() == 5
    assert (around == 5).sum() == -wall_charges(cubic_host, wall, 1)[0]
