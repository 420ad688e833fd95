"""Captions and legend."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.reporting.page import shown_name, shown_species, write_page
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
