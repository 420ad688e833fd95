"""Trials of places agree with the opening itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import spglib
from scipy.spatial.distance import cdist

from heterobuild.compounds import load_crystal
from heterobuild.incoherent.openings import open_host
from heterobuild.incoherent.trial_places import (
    VOID,
    octahedra_lost,
    primitive_steps,
    trial_place,
    void_at,
)


def place_of(host, guest):
    framework, rotation = host.draft.sites.block.framework, host.draft.rotation
    return trial_place(framework, rotation, guest.centre, guest, gap=0.0, reach=10.0)


@pytest.mark.parametrize("host_name", ["isolated_host", "cubic_host"])
def test_a_trial_counts_what_the_opening_takes(host_name, guest, request):
    host = request.getfixturevalue(host_name)
    place = place_of(host, guest)
    for shift in np.random.default_rng(3).uniform(-4, 4, (4, 3)):
        opened = open_host(host, [replace(guest, centre=guest.centre + shift)], gap=0.0)
        assert octahedra_lost(place, shift) == (~opened.octahedra).sum()


def test_voids_are_those_of_the_atoms_that_are_left(isolated_host, guest):
    place = place_of(isolated_host, guest)
    shift = np.array([0.7, -1.1, 2.0])
    share, radius = void_at(place, shift)
    moved = replace(guest, centre=guest.centre + shift)
    opened = open_host(isolated_host, [moved], gap=0.0)
    kept = isolated_host.atoms.positions[opened.kept.ravel()[isolated_host.site_of]]
    images = (np.array(list(np.ndindex(3, 3, 3))) - 1) @ isolated_host.cell
    every = (kept[:, None] + images[None]).reshape(-1, 3) - moved.centre
    every = every[np.linalg.norm(every, axis=1) < 40.0]
    nearest = cdist(place.samples, np.vstack([every, guest.atoms.positions])).min(axis=1)
    assert share == pytest.approx((nearest > VOID).mean(), abs=1e-12)
    assert radius == pytest.approx(nearest.max())


@pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")
@pytest.mark.parametrize(
    "name", ["Cs4PbBr6", "CsPb2Br5", "CsPbBr3_cubic", "CsPbBr3_orthorhombic", "PEA2CsPb2I7"]
)
def test_primitive_cells_are_those_of_spglib(name):
    crystal = load_crystal(name)
    atoms = crystal.require_atoms()
    cell = primitive_steps(crystal)
    found = spglib.find_primitive(
        (atoms.cell[:], atoms.get_scaled_positions(), atoms.numbers), 0.01
    )
    assert np.linalg.det(cell) == pytest.approx(abs(np.linalg.det(found[0])), rel=1e-6)
    lengths = np.linalg.norm(spglib.niggli_reduce(found[0]), axis=1)
    np.testing.assert_allclose(np.linalg.norm(cell, axis=1), lengths, rtol=1e-3)
