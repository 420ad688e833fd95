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


C_VDW, BR_VDW, PB_VDW = 1.77, 1.86, 2.60  # Å, van der Waals radii of atoms


def test_sheets_keep_the_distance_of_graphite(bring: Callable) -> None:
    above, below, cell = bring(("graphene", "001", None), ("graphene", "001", None), layers=1)
    eclipsed = touching_distance(below, above, cell, np.zeros(2))
    assert eclipsed == pytest.approx(0.95 * 2 * C_VDW)
    assert eclipsed == pytest.approx(3.354, abs=0.02)  # Å, planes of graphite


def test_radii_towards_a_sheet(bring: Callable) -> None:
    # Large common cells, in which some carbon is nearly above every ion.
    sheet, salt, cell = bring(
        ("graphene", "001", None), ("CsPbBr3_cubic", "001", "CsBr"), strain=0.03, layers=1
    )
    top = touching_distance(salt, sheet, cell, np.zeros(2))
    assert 0.95 * (C_VDW + BR_VDW) - 0.1 < top < 0.95 * (C_VDW + CS) + 0.01
    sheet, bare, cell = bring(
        ("graphene", "001", None), ("CsPbBr3_cubic", "001", "PbBr2"), strain=0.03, layers=1
    )
    top = touching_distance(bare, sheet, cell, np.zeros(2))
    assert 0.95 * (C_VDW + BR_VDW) - 0.1 < top < 0.95 * (C_VDW + (PB_VDW + PB) / 2) + 0.01


def test_only_molecules_count_where_asked(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "CsCl")
    )
    assert touching_distance(substrate, film, cell, np.zeros(2), molecules=True) == -np.inf
