"""One measurement of the search in a process of its own: matching_points.py POINT [ARGUMENT ...].

Prints one line of JSON. All times are CPU seconds of the search alone, without imports. The peer is
pymatgen's `ZSLGenerator` with its default tolerances: 3 % in length, 1 % in angle. Both sides run
in the same process, each several times in a row, after one run that does not count.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import tracemalloc
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.compounds import load_crystal
from heterobuild.crystals import list_crystals
from heterobuild.matching import MatchLimits, find_matches, stream_matches
from heterobuild.matching.classes import class_of_maps
from heterobuild.matching.kernel import join_surfaces
from heterobuild.matching.surfaces import lattice_turns
from heterobuild.screening.faces import distinct_faces
from heterobuild.slabs import surface_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from heterobuild.arrays import FloatArray

PAIRS = {
    "cubic": (np.diag([5.874, 5.874]), np.diag([6.289, 6.289])),
    "oblique": (
        np.array([[5.90, 0.0], [-1.51, 6.53]]),
        np.array([[6.30, 0.0], [-0.78, 6.35]]),
    ),
}
STRAIN = 0.03
RUNS = 15
SAMPLE = 300
FACES = 98


def pair_point(name: str, max_area: str, peer_runs: str, numba: str) -> dict[str, Any]:
    """Search one pair with both programs."""
    film, substrate = PAIRS[name]
    limits = MatchLimits(max_area=float(max_area), max_strain=STRAIN)

    def search() -> object:
        return find_matches(film, substrate, limits)

    first = seconds(search)
    peer = peer_search(float(max_area), numba=numba == "numba")
    times = measured(
        {
            "search": (search, RUNS),
            "kernel": (lambda: join_surfaces([film], [substrate], limits), RUNS),
            "peer": (lambda: peer(film, substrate), int(peer_runs)),
        }
    )
    other = peer_search(400.0, numba=numba == "numba")
    cold = statistics.median([(other(film, substrate), seconds(search))[1] for _ in range(RUNS)])
    times |= {"first": first, "cold": cold}
    matches = find_matches(film, substrate, limits)
    counts = {"distinct": len(matches), "pairs": sum(match.multiplicity for match in matches)}
    return times | counts | peer_counts(peer(film, substrate), film, substrate, matches)


def peer_counts(
    found: list[Any], film: FloatArray, substrate: FloatArray, matches: tuple[Any, ...]
) -> dict[str, int]:
    """Return how many pairs the peer lists, how many mirror, and what it finds of our matches."""
    if not found:
        return {"peer_pairs": 0, "peer_mirrored": 0, "peer_found": 0}
    ours = np.array([np.asarray(match.film_sl_vectors)[:, :2] for match in found])
    theirs = np.array([np.asarray(match.substrate_sl_vectors)[:, :2] for match in found])
    mirrored = np.linalg.det(ours) * np.linalg.det(theirs) < 0
    proper = ours[~mirrored], theirs[~mirrored]
    left = np.rint(proper[0] @ np.linalg.inv(film)).astype(np.int64)
    right = np.rint(proper[1] @ np.linalg.inv(substrate)).astype(np.int64)
    hand = np.where(np.linalg.det(left) < 0, -1, 1)
    left[:, 0] *= hand[:, None]
    right[:, 0] *= hand[:, None]
    classes = class_of_maps(
        np.concatenate([[match.film for match in matches], left]),
        np.concatenate([[match.substrate for match in matches], right]),
        lattice_turns(film),
        lattice_turns(substrate),
    )
    shared = np.intersect1d(classes[: len(matches)], classes[len(matches) :])
    return {
        "peer_pairs": len(found),
        "peer_mirrored": int(mirrored.sum()),
        "peer_found": len(shared),
    }


def library_point(which: str, numba: str) -> dict[str, Any]:
    """Join 98 faces of the library with themselves; the peer searches a sample of the pairs."""
    cells = library_cells()[:FACES] if which == "smallest" else drawn_cells(FACES)
    peer = peer_search(400.0, numba=numba == "numba")
    drawn = np.random.default_rng(0).integers(len(cells), size=(SAMPLE, 2)).tolist()
    ours = MatchLimits(max_area=400.0, max_strain=STRAIN)
    wider = MatchLimits(max_area=400.0)
    times = measured(
        {
            "kernel": (lambda: join_surfaces(cells, cells, ours), RUNS),
            "kernel_default": (lambda: join_surfaces(cells, cells, wider), RUNS),
            "peer": (lambda: [peer(cells[i], cells[j]) for i, j in drawn], 1),
        }
    )
    times["peer"] *= FACES**2 / SAMPLE
    areas = np.linalg.det(np.array(cells))
    return times | {
        "maps": len(join_surfaces(cells, cells, ours).film),
        "least_area": float(areas.min()),
        "median_area": float(np.median(areas)),
        "largest_area": float(areas.max()),
    }


def area_point(max_area: str) -> dict[str, Any]:
    """Search the cubic pair up to an area."""
    film, substrate = PAIRS["cubic"]
    limits = MatchLimits(max_area=float(max_area), max_strain=STRAIN)
    times = measured(
        {
            "search": (lambda: find_matches(film, substrate, limits), RUNS),
            "kernel": (lambda: join_surfaces([film], [substrate], limits), RUNS),
        }
    )
    return times | {"distinct": len(find_matches(film, substrate, limits))}


def surfaces_point(number: str) -> dict[str, Any]:
    """Join some faces of the library with themselves, of all sizes."""
    chosen = drawn_cells(int(number))
    limits = MatchLimits(max_area=400.0, max_strain=STRAIN)
    return measured({"kernel": (lambda: join_surfaces(chosen, chosen, limits), RUNS)})


def memory_point(mode: str, max_area: str) -> dict[str, Any]:
    """Return the memory that a large search takes at most, in MB."""
    search = {"find": find_matches, "stream": stream_matches}[mode]
    film, substrate = PAIRS["cubic"]
    count_of(search(film, substrate, MatchLimits(max_area=400.0, max_strain=STRAIN)))
    limits = MatchLimits(max_area=float(max_area), max_strain=STRAIN)
    start = time.process_time()
    count = count_of(search(film, substrate, limits))
    seconds = time.process_time() - start
    tracemalloc.start()
    count_of(search(film, substrate, limits))
    traced = tracemalloc.get_traced_memory()[1]
    return {
        "distinct": count,
        "search": seconds,
        "traced": traced / 2**20,
    }


def count_of(matches: Iterable[object]) -> int:
    """Return how many there are, holding none that the search does not hold."""
    return sum(1 for _ in matches)


def library_cells() -> list[FloatArray]:
    """Return the surface cells of all distinct faces to index 1 of the library, by area."""
    cells = []
    for entry in list_crystals():
        crystal = load_crystal(entry.name)
        cells += [surface_cell(crystal, face) for face in distinct_faces(crystal)]
    return sorted(cells, key=lambda cell: float(np.linalg.det(cell)))


def drawn_cells(number: int) -> list[FloatArray]:
    """Return the cells of faces of the library drawn at random, always the same ones."""
    cells = library_cells()
    order = np.random.default_rng(0).permutation(len(cells))[:number]
    return [cells[k] for k in order.tolist()]


def peer_search(max_area: float, *, numba: bool) -> Callable[[FloatArray, FloatArray], list[Any]]:
    """Return the peer's search, compiled by numba or not."""
    if not numba:
        sys.modules["numba"] = None  # type: ignore[assignment]
    warnings.simplefilter("ignore")
    from pymatgen.analysis.interfaces.zsl import ZSLGenerator

    def search(film: FloatArray, substrate: FloatArray) -> list[Any]:
        above, below = (np.column_stack([cell, np.zeros(2)]) for cell in (film, substrate))
        return list(ZSLGenerator(max_area=max_area)(above, below))

    search(*PAIRS["cubic"])
    return search


def measured(work: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Return the median CPU time of each piece of work, repeated in a row.

    The first run of a piece does not count, except where one run is all there is.
    """
    medians = {}
    for name, (function, runs) in work.items():
        if runs > 1:
            function()
        medians[name] = statistics.median([seconds(function) for _ in range(runs)])
    return medians


def seconds(function: Callable[[], object]) -> float:
    """Return the CPU time of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


POINTS = {
    "pair": pair_point,
    "library": library_point,
    "area": area_point,
    "surfaces": surfaces_point,
    "memory": memory_point,
}

if __name__ == "__main__":
    print(json.dumps(POINTS[sys.argv[1]](*sys.argv[2:])))
