"""Octahedra of a grain, counted."""

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.incoherent.side_by_side_standing import standing
from heterobuild.incoherent.side_by_side_windows import GrainSize, window_draft, window_starts
from heterobuild.labels import Site

CUBIC, BA, HEXAGONAL = (load_crystal(name) for name in ("CsPbI3:cubic", "BA2PbI4", "Cs4PbI6"))


def drafts(crystal, text, **size):
    stands = standing(crystal, text)
    asked = GrainSize(**{"repeats": 2, "strain": 0.0, "width": 20.0, "height": 20.0} | size)
    return [
        window_draft(crystal, crystal, stands, asked, start=start, name="a", seed=0)
        for start in window_starts(crystal, stands)
    ]


def count(draft, role):
    block = draft.sites.block
    return int((draft.sites.region[..., block.framework.site == role] > 0).sum())


@pytest.mark.parametrize(("width", "height", "rows", "levels"), [(19.0, 25.0, 3, 4), (13, 6, 2, 1)])
def test_a_cubic_grain_is_a_box(width, height, rows, levels):
    (draft,) = drafts(CUBIC, "", width=width, height=height, repeats=5)
    assert count(draft, Site.B) == 5 * rows * levels
    assert count(draft, Site.A) == 5 * (rows + 1) * (levels + 1)
    assert count(draft, Site.X) == 5 * (3 * rows * levels + rows + levels)


def test_a_turned_grain_has_the_same_density():
    (draft,) = drafts(CUBIC, "[110]pc (001)pc", width=36.0, height=19.0)
    # Rows of (1-10) planes are a/√2 apart; each line [110] has an octahedron every a√2.
    assert count(draft, Site.B) == 2 * round(36.0 / (CUBIC.cell[0, 0] / 2**0.5)) * 3


def test_starts_are_the_distinct_rows():
    assert len(window_starts(CUBIC, standing(CUBIC, ""))) == 1
    assert len(window_starts(BA, standing(BA, "[100] (010)"))) == 2 * 2
    starts = np.array(window_starts(HEXAGONAL, standing(HEXAGONAL, "")))
    assert len(np.unique(starts[:, 1])) == 4  # of six planes of octahedra along c the first four


def test_every_start_gives_whole_octahedra_and_molecules():
    for draft in drafts(BA, "[100] (010)", width=28.0):
        block = draft.sites.block
        kept = draft.sites.region > 0
        octahedra = kept[..., block.framework.b_units]
        halides = block.framework.links[block.framework.site[block.framework.links[:, 1]] == Site.X]
        for b, v, *step in halides.tolist():
            moved = np.roll(kept[..., v], [-s for s in step], axis=(0, 1, 2))
            assert moved[octahedra[..., b]].all()


def test_a_window_without_octahedra():
    with pytest.raises(UsageError, match="no octahedron"):
        drafts(CUBIC, "", width=1.0, height=1.0)
