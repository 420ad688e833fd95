from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.assembly.gap import touching_distance
from heterobuild.assembly.registry import (
    CONTINUES_WITHIN,
    continuing_shift,
    facing_shift,
    hollow_shift,
    misplacement,
    shortest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

A = 5.605


def test_network_continues_without_a_shift(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "PbCl2")
    )
    shift, error = continuing_shift(substrate, film, cell)
    assert np.allclose(shift, 0, atol=1e-6)
    assert error == pytest.approx(0, abs=1e-6)
    # Moved along the cell edge the ions of one kind are that far from their places.
    assert misplacement(substrate, film, cell, np.array([0.8, 0.0])) == pytest.approx(0.8)


def test_planes_that_do_not_follow_each_other_never_continue(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "CsCl")
    )
    assert continuing_shift(substrate, film, cell)[1] == np.inf
    assert misplacement(substrate, film, cell, np.zeros(2)) == np.inf


@pytest.mark.parametrize(
    ("bottom", "top", "expected"),
    # Cs over Cl and Br over Cs: half a diagonal; Pb over Cl: half an edge.
    [("CsBr", "CsCl", [A / 2, A / 2]), ("PbBr2", "PbCl2", [0.0, A / 2])],
)
def test_opposite_ions_face_each_other(
    bring: Callable, bottom: str, top: str, expected: list[float]
) -> None:
    film, substrate, cell = bring(("CsPbBr3_cubic", "001", bottom), ("CsPbCl3_cubic", "001", top))
    shift = facing_shift(substrate, film, cell)
    assert sorted(np.abs(shift).tolist()) == pytest.approx(expected, abs=1e-6)


def test_tilted_octahedra_continue_within_the_limit(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_orthorhombic", "010", "CsBr"), ("CsPbBr3_cubic", "001", "PbBr2")
    )
    _, error = continuing_shift(substrate, film, cell)
    assert 0.1 < error < CONTINUES_WITHIN


def test_shortest_images() -> None:
    cell = np.array([[6.0, 0.0], [0.0, 8.0]])
    images = shortest(np.array([[5.0, 7.0], [-3.0, 4.0], [12.0, 1.0]]), cell)
    assert np.allclose(images, [[-1, -1], [-3, -4], [0, 1]])


LAYERED, BULK = "PEA2PbBr4", "CsPbBr3_cubic"


@pytest.mark.parametrize(("bottom", "top", "first"), [(0, "CsBr", 82), (1, "PbBr2", 35)])
def test_octahedra_continue_into_sheets(bring: Callable, bottom: int, top: str, first: int) -> None:
    film, substrate, cell = bring((LAYERED, "001", bottom), (BULK, "001", top), strain=0.03)
    shift, error = continuing_shift(substrate, film, cell)
    assert error < 0.8  # Å, the sheets are tilted
    # The lowest metals or apical halides of the sheets stand over the metals below.
    ions = film.atoms.positions[film.atoms.numbers == first]
    ions = ions[ions[:, 2] < ions[:, 2].min() + 0.1] + [*shift, 0.0]
    below = substrate.atoms.positions[substrate.atoms.numbers == 82]
    offset = shortest(ions[:, None, :2] - below[None, :, :2], cell)
    off = np.linalg.norm(offset, axis=-1).min(axis=1)
    assert len(off) == 2
    assert off.max() < (1e-2 if first == 82 else 0.8)


@pytest.mark.parametrize(
    ("bottom", "top"), [(0, "PbBr2"), (1, "CsBr"), (2, "CsBr"), (2, "PbBr2"), (3, "CsBr")]
)
def test_other_planes_of_sheets_never_continue(bring: Callable, bottom: int, top: str) -> None:
    film, substrate, cell = bring((LAYERED, "001", bottom), (BULK, "001", top), strain=0.03)
    assert continuing_shift(substrate, film, cell)[1] == np.inf


def test_a_sheet_of_carbon_lies_where_it_comes_closest(bring: Callable) -> None:
    above, below, cell = bring(("graphene", "001", None), ("graphene", "001", None), layers=1)
    best = hollow_shift(below, above, cell, cell)
    chosen = touching_distance(below, above, cell, best)
    grid = [np.array([i, j]) / 12 @ cell for i in range(12) for j in range(12)]
    every = [touching_distance(below, above, cell, shift) for shift in grid]
    # On two honeycombs atoms over hollows and over bridges differ by little from the best.
    assert chosen < max(every) - 0.05
    assert chosen < min(every) + 0.05
