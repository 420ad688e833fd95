from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.assembly.gap import continued_spacing, touching_distance

if TYPE_CHECKING:
    from collections.abc import Callable

FILM_STEP = 5.874 / 2 * (1 - (5.605 / 5.874 - 1) / 3)  # Å, film strained onto CsPbCl3
SUBSTRATE_STEP = 5.605 / 2
CS, PB, CL, BR = 1.88, 1.19, 1.81, 1.96  # Å, Shannon radii; Cs with twelve neighbours


@pytest.mark.parametrize(
    ("bottom", "top", "spacing", "whose"),
    [("CsBr", "PbCl2", FILM_STEP, "film"), ("PbBr2", "CsCl", SUBSTRATE_STEP, "substrate")],
)
def test_the_part_whose_halide_bridges_sets_the_spacing(
    bring: Callable, bottom: str, top: str, spacing: float, whose: str
) -> None:
    film, substrate, _ = bring(("CsPbBr3_cubic", "001", bottom), ("CsPbCl3_cubic", "001", top))
    found, reason = continued_spacing(substrate, film)
    assert found == pytest.approx(spacing)
    assert whose in reason


def test_an_ion_over_an_ion_touches_at_the_sum_of_radii(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "CsCl")
    )
    over = touching_distance(substrate, film, cell, np.array([A / 2, A / 2]))
    assert over == pytest.approx(CS + BR)
    beside = touching_distance(substrate, film, cell, np.zeros(2))
    # Like over like: Br on Cl needs 3.77 Å, Cs on Cs 3.76 Å.
    assert beside == pytest.approx(CL + BR)


A = 5.605


def test_an_ion_in_the_hollow_comes_nearer(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "CsCl")
    )
    bridge = touching_distance(substrate, film, cell, np.array([A / 2, 0.0]))
    # Every ion over the middle of an edge, A/2 from two unlike ions below, and above like ones
    # A/2 away along the other edge: the largest of the heights needed.
    pairs = [CS + CL, CL + BR, CS + BR, CS + CS]
    assert bridge == pytest.approx(max(np.sqrt(r**2 - (A / 2) ** 2) for r in pairs))
