"""Special quasirandom structures: pair correlations as near to random as the cell allows.

Zunger, Wei, Ferreira, Bernard 1990 (10.1103/PhysRevLett.65.353). The search is that of
sqsgenerator, the optional extra ``alloy``.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from ase.data import chemical_symbols

from heterobuild.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray

SHELLS = (1.2, 1.57, 1.87)
"""Ends of the shells of neighbours that count, in nearest distances: between the 1, √2, √3 and 2
of a cubic lattice, which the A, B and X sites of a perovskite all share."""

TRIALS = 20_000
"""Arrangements that are compared, up to a hundred sites."""

LEAST_TRIALS = 200
"""The same at least; the correlations of a large cell are near to random anyway."""

MOST_SITES = 2000
"""Sites beyond which a search takes minutes; the correlations of so many drawn at random are
within some 0.01 of zero."""

GAP = 30.0
"""Å of empty height along directions that are not periodic, beyond any shell."""


def quasirandom(
    counts: IntArray, centres: FloatArray, atoms: Atoms, rng: np.random.Generator
) -> IntArray:
    """Return the ion of each site of a special quasirandom structure.

    Of random arrangements with the wanted numbers of ions the one is taken whose short-range
    order parameters in the first three shells of neighbours are least, the shells weighted 1,
    1/2 and 1/3; of equally good ones one is drawn.

    Parameters
    ----------
    counts : (k,) int array
        Number of sites of each ion.
    centres : (m, 3) float array
        Where the sites are, in Å.
    atoms : ase.Atoms
        Gives cell and periodic directions.
    rng : numpy.random.Generator
        Gives the seed of the search, which runs in one thread, so that it can be repeated.

    Returns
    -------
    (m,) int array
        Ion 0 … k − 1 of each site.

    Raises
    ------
    MissingExtraError
        If sqsgenerator is not installed.
    UsageError
        If there are more than `MOST_SITES` sites.
    """
    if len(centres) > MOST_SITES:
        raise UsageError(
            "a special quasirandom structure is searched in small cells",
            measured=f"{len(centres)} sites",
            allowed=f"{MOST_SITES} sites",
            next_step="use the rule random, which is as near to random in large cells",
        )
    with _silent():
        package = _package()
    seed = int(rng.integers(2**31))
    present = np.flatnonzero(counts)
    if len(present) < 2 or len(centres) < 3:
        return rng.permutation(np.repeat(np.arange(len(counts)), counts))
    box, fractions = _box(centres, atoms)
    symbols = [chemical_symbols[ion + 1] for ion in range(len(counts))]
    places = list(range(len(centres)))
    composition = {symbols[ion]: int(counts[ion]) for ion in present} | {"sites": places}
    settings = {
        "structure": {
            "lattice": box.tolist(),
            "coords": fractions.tolist(),
            "species": [symbols[present[0]]] * len(centres),
        },
        "composition": [composition],
        "iteration_mode": "random",
        "iterations": int(np.clip(TRIALS * 100 / len(centres), LEAST_TRIALS, TRIALS)),
        "shell_radii": [0.0, *(end * _nearest(box, fractions) for end in SHELLS)],
        "shell_weights": {1: 1.0, 2: 1 / 2, 3: 1 / 3},
        "thread_config": 1,
        "seed": seed,
        "max_results_per_objective": TRIALS,
    }
    with _silent():
        core = import_module("sqsgenerator.core")
        found = package.optimize(package.parse_config(settings), level=core.LogLevel.error)
    least = round(float(found.best().objective), 9)
    best = sorted(
        {
            tuple(symbols.index(str(name)) for name in result.structure().symbols)
            for _, results in found
            for result in results
            if round(float(result.objective), 9) == least
        }
    )
    return np.array(best[int(rng.integers(len(best)))], dtype=np.int64)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what compiled code writes to the standard error stream off the screen."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def _package() -> Any:
    """Import sqsgenerator, or say how to install it."""
    try:
        return import_module("sqsgenerator")
    except ImportError as error:
        raise MissingExtraError(
            "special quasirandom structures need sqsgenerator",
            next_step="pip install 'heterobuild[alloy]', or use the rule random",
        ) from error


def _box(centres: FloatArray, atoms: Atoms) -> tuple[FloatArray, FloatArray]:
    """Return a cell that is empty along directions that are not periodic, and fractions in it."""
    box = np.array(atoms.cell.complete())
    for axis in np.flatnonzero(~np.asarray(atoms.pbc)):
        unit = box[axis] / np.linalg.norm(box[axis])
        extent = float(np.ptp(centres @ np.linalg.inv(box)[:, axis])) * np.linalg.norm(box[axis])
        box[axis] = unit * (extent + GAP)
    fractions = (centres - centres.min(axis=0)) @ np.linalg.inv(box)
    return box, fractions - np.floor(fractions)


def _nearest(box: FloatArray, fractions: FloatArray) -> float:
    """Return the median distance of sites to their nearest neighbours in Å."""
    from vesin import NeighborList

    reach = 1.5 * float(np.abs(np.linalg.det(box)) / len(fractions)) ** (1 / 3)
    for _ in range(8):
        i, distance = NeighborList(cutoff=reach, full_list=True).compute(
            fractions @ box, box, [True, True, True], "id"
        )
        if len(np.unique(i)) == len(fractions):
            least = np.full(len(fractions), np.inf)
            np.minimum.at(least, i, distance)
            return float(np.median(least))
        reach *= 1.5
    return float(reach)
