from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.assembly.part import has_b_site, height_of, plane_of, turned_part

if TYPE_CHECKING:
    from collections.abc import Callable

FILM, SUBSTRATE = ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "PbCl2")
RATIO = 5.605 / 5.874


def test_film_takes_the_lattice_of_the_substrate(bring: Callable) -> None:
    film, substrate, cell = bring(FILM, SUBSTRATE)
    assert np.allclose(cell, np.diag([5.605, 5.605]))
    assert np.allclose(film.strain[:2, :2], (RATIO - 1) * np.eye(2))
    # C11 = 42, C12 = 7 GPa: ε_zz = −2 (7/42) ε.
    assert film.strain[2, 2] == pytest.approx(-(RATIO - 1) / 3)
    assert np.allclose(substrate.strain, 0)


def test_heights_are_stretched_along_the_normal(bring: Callable) -> None:
    film, _, _ = bring(FILM, SUBSTRATE)
    rise = height_of(film, film.top) - height_of(film, film.bottom)
    assert rise == pytest.approx(3 * 5.874 / 2 * (1 - (RATIO - 1) / 3))
    beyond = height_of(film, film.top + 1) - height_of(film, film.top)
    assert beyond == pytest.approx(rise / 3)


def test_planes_of_the_part_and_beyond(bring: Callable) -> None:
    film, _, _ = bring(FILM, SUBSTRATE)
    lowest, below = plane_of(film, film.bottom), plane_of(film, film.bottom - 1)
    assert not has_b_site(lowest)
    assert has_b_site(below)
    assert sorted(lowest.charge.tolist()) == [-1, 1]
    assert sorted(below.charge.tolist()) == [-1, -1, 2]
    # Two different ions of one plane are half a diagonal apart on the strained square.
    gap = np.abs(lowest.centres[0] - lowest.centres[1])
    assert gap[:2] == pytest.approx([5.605 / 2] * 2)


def test_a_turned_part_hangs_upside_down(bring: Callable) -> None:
    film, _, _ = bring(FILM, SUBSTRATE)
    turned = turned_part(film, np.array([1.0, 0.0]))
    assert film.upright
    assert not turned.upright
    assert (turned.bottom, turned.top, turned.step) == (film.top, film.bottom, -1)
    assert np.linalg.det(turned.rotation) == pytest.approx(1)
    assert np.linalg.det(turned.deformation) == pytest.approx(np.linalg.det(film.deformation))
    assert height_of(turned, turned.top) > height_of(turned, turned.bottom)
    assert turned.strain[2, 2] == pytest.approx(film.strain[2, 2])


def test_cells_fill_the_common_cell_once(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("SrTiO3", "001", "TiO2"), strain=0.02
    )
    for part in (film, substrate):
        inside = part.cells[:, :2] @ np.linalg.inv(cell)
        assert len(np.unique(np.mod(inside + 1e-6, 1).round(4), axis=0)) == len(part.cells)
        area = np.linalg.det(part.slab.stacking.cell[:2, :2] @ part.deformation[:2, :2])
        assert area * len(part.cells) == pytest.approx(np.linalg.det(cell))
