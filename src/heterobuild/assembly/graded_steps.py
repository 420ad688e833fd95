"""Tell what a profile of a stack asked for and what whole ions reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.graded_ions import Exchange
    from heterobuild.assembly.graded_walls import GradedWall


def reached_step(where: str, wall: GradedWall, made: Sequence[Exchange]) -> Step:
    """Tell the ions of each plane, asked and reached.

    Parameters
    ----------
    where : str
        Name of the wall.
    wall : GradedWall
        The wall.
    made : sequence of Exchange
        The exchanged sites, one entry a kind.

    Returns
    -------
    Step
        The step "composition profile".
    """
    words: list[str] = []
    values: dict[str, object] = {"wall": where}
    for one in made:
        rows = np.flatnonzero(one.mixed)
        values[one.role] = [
            {
                "plane": int(wall.number[row]),
                "distance_A": round(float(wall.distance[row]), 3),
                "sites": int(one.sites[row]),
                "inner_share": round(float(one.share[row]), 6),
                "asked": _named(one, one.asked[row]),
                "reached": _named(one, one.reached[row]),
            }
            for row in rows.tolist()
        ]
        words.append(f"{one.role}: {_reached_words(one, rows)}")
    return Step(
        name="composition profile",
        choice=f"{where}: {'; '.join(words) or 'nothing to exchange'}",
        values=values,
    )


def _reached_words(one: Exchange, rows: IntArray) -> str:
    """Tell the shares of one ion plane by plane."""
    if not len(rows):
        return "the profile moves less than one ion of any plane, nothing changed"
    ion = int(np.argmax(np.abs(one.asked[rows[0]] - one.asked[rows[-1]])))
    sites = one.sites[rows]
    asked, reached = (
        ", ".join(f"{share:.2f}" for share in amounts[rows, ion] / sites)
        for amounts in (one.asked, one.reached)
    )
    worst = float(np.abs(one.asked - one.reached)[rows].max())
    return (
        f"share of {one.ions[ion]} by plane from inside, asked {asked}, reached {reached}, "
        f"at most {worst:.2g} ions off in a plane, {len(one.changed)} sites changed"
    )


def _named(one: Exchange, amounts: FloatArray) -> dict[str, float]:
    """Return numbers of ions by name."""
    return {
        ion: round(float(amount), 6) for ion, amount in zip(one.ions, amounts.tolist(), strict=True)
    }
