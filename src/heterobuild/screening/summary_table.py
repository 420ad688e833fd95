"""The rows of a screen as people read them: one line a pair of crystals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.screening.rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heterobuild.screening.rows import Row

ASSUMED = "~"
"""Sign before an energy for which isotropic elastic constants were assumed."""

_NUMBER = {name: index for index, name in enumerate(COLUMNS)}


def summary_rows(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    """Return the smallest cell of each pair of crystals, with a head, in the order of the rows.

    Parameters
    ----------
    rows : iterable of tuple of str
        Chosen rows, best first.

    Returns
    -------
    list of tuple of str
        Words for the screen; strains in percent.
    """
    smallest: dict[tuple[str, str], tuple[int, Row]] = {}
    for place, row in enumerate(rows):
        pair = (row[_NUMBER["film"]], row[_NUMBER["substrate"]])
        if pair not in smallest or _size(row) < _size(smallest[pair][1]) - 0.01:
            smallest[pair] = (place, row)
    head = ("film", "face", "substrate", "face", "strain %", "mismatch %", "area Å²", "turn °")
    lines: list[tuple[str, ...]] = [(*head, "energy meV/Å³", "alignment", "confidence")]
    lines += [_line(row) for _, row in sorted(smallest.values(), key=lambda entry: entry[0])]
    return lines


def _size(row: Row) -> float:
    return max(float(row[_NUMBER["film_area_A2"]]), float(row[_NUMBER["area_A2"]]))


def _line(row: Row) -> tuple[str, ...]:
    """Return one row for the screen."""
    value = dict(zip(COLUMNS, row, strict=True))
    return (
        value["film"],
        f"({value['film_face']})",
        value["substrate"],
        f"({value['substrate_face']})",
        f"{100 * float(value['log_strain']):.2f}",
        f"{100 * float(value['mismatch']):+.2f}",
        f"{float(value['area_A2']):.1f}",
        f"{float(value['rotation_deg']):.1f}",
        (ASSUMED if value["elastic_constants"] == "assumed" else "")
        + f"{float(value['film_energy_meV_per_A3']):.4f}",
        value["alignment"],
        value["confidence"],
    )
