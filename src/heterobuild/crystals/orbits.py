"""Space-group operations of a setting, and the positions they make of an asymmetric unit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.symmetry import quiet_spglib
from heterobuild.errors import StructureFileError

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

COINCIDENCE = 0.05
"""Images of one site closer than this, in Å, are one atom: three-digit fractions of long axes
miss a special position by up to 0.02 Å, and distinct atoms are never so close."""

_HALL_NUMBERS = range(1, 531)
_PAIRS_AT_ONCE = 2_000_000


def symmetry_operations(hall_number: int) -> tuple[FloatArray, FloatArray]:
    """Return the operations of one setting of a space group, centring included.

    Parameters
    ----------
    hall_number : int
        Serial number of the setting in spglib, 1 to 530.

    Returns
    -------
    (m, 3, 3) float array
        Rotations for fractional column vectors.
    (m, 3) float array
        Translations as fractions.
    """
    import spglib

    with quiet_spglib():
        operations = spglib.get_symmetry_from_database(hall_number)
    return operations["rotations"].astype(np.float64), operations["translations"]


def hall_number(number: int, symbol: str, setting: str = "standard", *, where: str = "") -> int:
    """Find the setting of a space group.

    Parameters
    ----------
    number : int
        Number in the International Tables.
    symbol : str
        Hermann–Mauguin symbol, short or full, in the setting that is meant.
    setting : str, optional
        Needed where the symbol leaves a choice: ``hexagonal axes`` or ``rhombohedral axes``,
        ``origin 1`` or ``origin 2``.
    where : str, optional
        The file, for the error message.

    Returns
    -------
    int
        Serial number of the setting in spglib.

    Raises
    ------
    StructureFileError
        If number and symbol do not belong together, or the setting stays open.

    Examples
    --------
    >>> hall_number(62, "Pbnm"), hall_number(167, "R-3c", "hexagonal axes")
    (294, 460)
    """
    known = _settings(number)
    matching = {hall: choice for hall, (names, choice) in known.items() if _plain(symbol) in names}
    if not matching:
        raise StructureFileError(
            f"the symbol {symbol} and number {number} are not one space group",
            where=where,
            next_step=f"use one of {', '.join(_symbols(number)) or 'the numbers 1 to 230'}",
        )
    choices = set(matching.values()) & {"H", "R", "1", "2"}
    if len(choices) < 2:
        return min(matching)
    wanted = _choice(setting)
    for hall, choice in matching.items():
        if choice == wanted:
            return hall
    words = "hexagonal axes or rhombohedral axes" if "H" in choices else "origin 1 or origin 2"
    raise StructureFileError(
        f"the symbol {symbol} leaves its setting open",
        where=where,
        measured=f"setting = {setting!r}",
        allowed=words,
        next_step="write one of them as the setting",
    )


@cache
def _all_settings() -> dict[int, dict[int, tuple[frozenset[str], str]]]:
    """Return for each space group its settings: the plain symbols and the choice of axes."""
    import spglib

    table: dict[int, dict[int, tuple[frozenset[str], str]]] = {}
    with quiet_spglib():
        kinds = [spglib.get_spacegroup_type(hall) for hall in _HALL_NUMBERS]
    for hall, kind in zip(_HALL_NUMBERS, kinds, strict=True):
        forms = [*kind.international.split("="), kind.international_full]
        if kind.number > 15:
            forms.append(kind.international_short)
        names = {_plain(form) for form in forms}
        if 3 <= kind.number <= 15:
            names |= {_without_ones(form) for form in forms}
        table.setdefault(kind.number, {})[hall] = (frozenset(names), kind.choice)
    return table


def _settings(number: int) -> dict[int, tuple[frozenset[str], str]]:
    """Return the settings of one space group, empty where there is none of that number."""
    return _all_settings().get(number, {})


def _symbols(number: int) -> list[str]:
    """Return the shortest plain symbol of each setting of a space group."""
    shortest = (min(names, key=lambda n: (len(n), n)) for names, _ in _settings(number).values())
    return list(dict.fromkeys(shortest))


def _plain(symbol: str) -> str:
    """Drop what only decorates a symbol."""
    return symbol.replace(" ", "").replace("_", "").split(":")[0]


def _without_ones(symbol: str) -> str:
    """Return a monoclinic symbol without the axes that have no symmetry."""
    return _plain(" ".join(part for part in symbol.split() if part != "1"))


def _choice(setting: str) -> str:
    """Translate the words of a setting to spglib's letter."""
    words = setting.lower()
    for word, letter in (("hexagonal", "H"), ("rhombohedral", "R")):
        if word in words:
            return letter
    for digit in ("1", "2"):
        if f"origin {digit}" in words or f"origin choice {digit}" in words:
            return digit
    return setting.strip()


def expand(
    sites: FloatArray,
    rotations: FloatArray,
    translations: FloatArray,
    cell: FloatArray,
    *,
    tolerance: float = COINCIDENCE,
) -> tuple[FloatArray, IntArray]:
    """Make all positions of the cell from an asymmetric unit.

    A site nearer to a special position than the tolerance is first moved onto it (mean over its
    site-symmetry group), so that 0.33333 counts as 1/3 and orbits are exact.

    Parameters
    ----------
    sites : (s, 3) float array
        Fractional coordinates.
    rotations : (m, 3, 3) float array
        Rotations for fractional column vectors, the identity first.
    translations : (m, 3) float array
        Translations as fractions.
    cell : (3, 3) float array
        Cell in Å, row vectors.
    tolerance : float, optional
        Distance in Å below which two images of a site coincide, see `COINCIDENCE`.

    Returns
    -------
    (n, 3) float array
        Fractional coordinates in [0, 1), the orbits one after another in the order of the sites.
    (n,) int array
        Site of each position.

    Examples
    --------
    >>> positions, site = expand(
    ...     np.array([[0.5, 0.0, 0.0]]), *symmetry_operations(517), 5.874 * np.eye(3)
    ... )
    >>> positions.tolist()
    [[0.5, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.5]]
    """
    step = max(1, _PAIRS_AT_ONCE // len(rotations) ** 2)
    positions: list[FloatArray] = [np.empty((0, 3))]
    owners: list[IntArray] = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(sites), step):
        some = np.asarray(sites[start : start + step], dtype=np.float64)
        orbit, owner = _orbits(some, rotations, translations, cell, tolerance)
        positions.append(orbit)
        owners.append(owner + start)
    return _wrapped(np.concatenate(positions)), np.concatenate(owners)


def _orbits(
    sites: FloatArray,
    rotations: FloatArray,
    translations: FloatArray,
    cell: FloatArray,
    tolerance: float,
) -> tuple[FloatArray, IntArray]:
    """Expand a batch of sites; all pairs of images of a site are compared at once."""
    offsets = _images(sites, rotations, translations) - sites[:, None, :]
    offsets -= np.round(offsets)
    fixed = np.linalg.norm(offsets @ cell, axis=2) < tolerance
    weights = fixed / fixed.sum(axis=1, keepdims=True)
    special = sites + np.einsum("sm,smi->si", weights, offsets)
    images = _images(special, rotations, translations)
    between = images[:, :, None, :] - images[:, None, :, :]
    between -= np.round(between)
    same = np.linalg.norm(between @ cell, axis=3) < tolerance
    first = same.argmax(axis=2) == np.arange(len(rotations))
    owner, _ = np.nonzero(first)
    return images[first], owner


def _images(sites: FloatArray, rotations: FloatArray, translations: FloatArray) -> FloatArray:
    """Apply every operation to every site, shape (s, m, 3)."""
    images: FloatArray = np.einsum("mij,sj->smi", rotations, sites) + translations
    return images


def _wrapped(fractional: FloatArray) -> FloatArray:
    """Bring fractions into [0, 1), with those that differ from an integer by rounding at 0."""
    inside: FloatArray = fractional - np.floor(fractional)
    inside[(inside > 1 - 1e-9) | (inside < 1e-9)] = 0.0
    return inside
