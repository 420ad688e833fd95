from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.assembly.registry import (
    CONTINUES_WITHIN,
    continuing_shift,
    facing_shift,
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
