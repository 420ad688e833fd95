import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.framework import framework_of
from heterobuild.incoherent.grains_clashes import Removal
from heterobuild.incoherent.grains_filling import Filling, chosen_sites, filled
from heterobuild.incoherent.grains_kept import site_charges, trimmed, without_contacts
from heterobuild.incoherent.grains_places import GrainPlace
from heterobuild.labels import Site


def cube_grain(name, half=15.0, phase=0):
    place = GrainPlace(
        phase=phase,
        centre=np.zeros(3),
        corners=half * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1),
        depth=lambda p: half - np.abs(p).max(axis=1),
        beside={},
    )
    filling = Filling(gap=0.0, cations="random", seed=1)
    chosen = chosen_sites(place, framework_of(load_crystal(name)), np.eye(3), filling, number=1)
    return filled(chosen, filling)


def test_an_octahedron_goes_with_its_own_ions_only():
    """One of many: its halides that others share stay, and so do the cations of other cages."""
    grain = cube_grain("CsPbBr3:cubic")
    lost = np.zeros_like(grain.octahedra)
    corner = tuple(np.argwhere(grain.octahedra)[0])
    lost[corner] = True
    nothing = np.zeros(grain.draft.sites.species.size, dtype=bool)
    (left,) = without_contacts([grain], Removal(octahedra=(lost,), sites=(nothing,), pairs=1))
    count = int(grain.octahedra.sum())
    assert left.octahedra.sum() == count - 1
    removed = grain.draft.sites.species.ravel() >= 0
    removed &= ~left.sites
    roles = grain.draft.sites.block.framework.site[np.flatnonzero(removed) % 5]
    # At the corner of a cube: one B, three halides of its own, one cation of its own.
    assert np.bincount(roles, minlength=4).tolist() == [0, 1, 1, 3]
    assert left.charge == site_charges(grain)[left.sites].sum()


def test_a_cation_goes_alone():
    grain = cube_grain("Cs4PbBr6")
    sites = grain.draft.sites
    roles = np.tile(sites.block.framework.site, sites.species.size // sites.block.grid[3])
    first = np.flatnonzero((roles == Site.A) & (sites.species.ravel() >= 0))[0]
    gone = np.zeros(sites.species.size, dtype=bool)
    gone[first] = True
    none = np.zeros_like(grain.octahedra)
    (left,) = without_contacts([grain], Removal(octahedra=(none,), sites=(gone,), pairs=1))
    assert left.sites.sum() == len(grain.atoms) - 1
    assert left.charge == grain.draft.sites.charge - 1


def test_what_is_too_much_goes_from_the_wall():
    """Two grains of one volume, wanted as 1 : 3: the first loses its outer octahedra."""
    grains = [cube_grain("CsPbBr3:cubic", 24.0), cube_grain("CsPbBr3:cubic", 24.0, phase=1)]
    nothing = Removal(
        octahedra=tuple(np.zeros_like(grain.octahedra) for grain in grains),
        sites=tuple(np.zeros(grain.draft.sites.species.size, dtype=bool) for grain in grains),
        pairs=0,
    )
    kept = without_contacts(grains, nothing)
    left = trimmed(grains, kept, np.array([0.25, 0.75]))
    counts = [int(grain.octahedra.sum()) for grain in left]
    assert counts[1] == kept[1].octahedra.sum()
    assert counts[0] / counts[1] == pytest.approx(1 / 3, abs=0.06)
    depth = grains[0].chosen.depth[..., grains[0].chosen.block.framework.b_units]
    gone = kept[0].octahedra & ~left[0].octahedra
    assert np.median(depth[gone]) < np.median(depth[left[0].octahedra])
    assert not (left[0].octahedra & ~kept[0].octahedra).any()
