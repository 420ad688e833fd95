"""Captions and legend."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.reporting.cut import make_cut
from heterobuild.reporting.page import shown_name, shown_species, write_page
from heterobuild.reporting.painting import bounds, render
from heterobuild.reporting.palette import REGIONS, rgb
from heterobuild.reporting.scene import make_scene


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Cs4PbBr6", "Cs$_{4}$PbBr$_{6}$"),
        ("BA2MA2Pb3I10", "BA$_{2}$MA$_{2}$Pb$_{3}$I$_{10}$"),
        ("MAPbI3_tetragonal", "MAPbI$_{3}$ tetragonal"),
        ("GaN", "GaN"),
    ],
)
def test_digits_of_formulas_are_lowered(name, shown):
    assert shown_name(name) == shown


def test_legend_has_each_element_once(slab):
    scene = make_scene(slab, along="b", height=6.0, depth=6.0, turn=0.0)
    assert shown_species(scene) == [82, 55, 35]


def test_page_is_as_wide_as_the_scene(slab, tmp_path):
    from PIL import Image

    scene = make_scene(slab, along="b", height=6.0, depth=6.0, turn=0.0)
    low, high = np.array([-1.0, -4.0]), np.array([35.0, 8.0])
    write_page(tmp_path / "p.png", np.ones((200, 600, 3)), scene, low=low, high=high, captions={})
    with Image.open(tmp_path / "p.png") as picture:
        assert picture.width == 600
        assert picture.height > 200
        assert "Software" not in picture.info


@pytest.mark.parametrize("width", [600, 900])
def test_page_of_a_cut_names_regions_and_has_a_true_scale_bar(slab, tmp_path, width):
    from PIL import Image

    slab.pbc = False
    scene = make_cut(slab, along="y")
    low, high = bounds(scene)
    scale = width / (high[0] - low[0])
    painted = render(scene, low, high, scale=scale)
    names = {1: "CsPbBr3_cubic", 2: "MAPbCl3_cubic"}
    write_page(tmp_path / "p.png", painted, scene, low=low, high=high, captions=names)
    with Image.open(tmp_path / "p.png") as picture:
        pixels = np.asarray(picture.convert("RGB")) / 255
    below = pixels[painted.shape[0] :]
    for colour in REGIONS[:2]:
        assert (np.abs(below - rgb(colour)).max(axis=2) < 0.01).sum() > (0.006 * width) ** 2
    # the bar is the longest dark row
    dark = (below < 0.35).all(axis=2)
    longest = max(_runs(row) for row in dark)
    wide = float(high[0] - low[0])
    bar = max(b for b in (2.0, 5.0, 10.0) if b <= 0.18 * wide)
    assert longest / scale == pytest.approx(bar, abs=2.5 / scale)


def test_many_regions_take_several_rows(slab, tmp_path):
    from PIL import Image

    slab.pbc = False
    heights = []
    for count in (2, 8):
        slab.arrays["region"] = np.arange(20) % count + 1
        scene = make_cut(slab, depth=60.0)
        low, high = bounds(scene)
        names = {code: f"MAPbI3_tetragonal{code}" for code in range(1, count + 1)}
        pixels = render(scene, low, high, scale=400 / (high[0] - low[0]))
        write_page(tmp_path / "p.png", pixels, scene, low=low, high=high, captions=names)
        with Image.open(tmp_path / "p.png") as picture:
            heights.append(picture.height)
    assert heights[1] > heights[0]


def _runs(row):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
