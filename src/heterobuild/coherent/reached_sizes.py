"""The size that a part reached, beside the size that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.unit_values import unit_links
from heterobuild.labels import Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.sites import Sites
    from heterobuild.particles.forms import Form

_PARALLEL = 0.95
"""Cosine from which on a pseudo-cubic axis counts as one of x, y and z: tilts and monoclinic
cells pass, crystals that are turned do not."""


def size_step(draft: Draft, code: int, form: Form) -> Step:
    """Compare the size reached with the size asked for.

    Parameters
    ----------
    draft : Draft
        The draft.
    code : int
        Code of the part; all parts inside it count too.
    form : Form
        Its outer form.

    Returns
    -------
    Step
        Octahedra, extents between outermost halides, diameter of the sphere of equal volume.
    """
    sites, framework = draft.sites, draft.sites.block.framework
    region = sites.region[..., framework.b_units]
    chosen = (region > 0) & (region <= code)
    index = _halides(sites, chosen, 1)
    points = site_positions(sites, index if len(index) else _halides(sites, chosen, 2))
    points = points @ draft.rotation
    low, high = points.min(axis=0), points.max(axis=0)
    count = int(np.count_nonzero(chosen))
    volume = count * framework.octahedron_volume
    extent = (high - low).round(3)
    name = draft.names[code - 1]
    things = f"{count} octahedr{'on' if count == 1 else 'a'}"
    said, along = _counted(form, draft, chosen)
    endless = [k for k in range(3) if form.periodic[k]]
    shown = " × ".join("endless" if k in endless else f"{extent[k]:.1f}" for k in range(3))
    return Step(
        name="size",
        choice=f"{name}: {things}, {shown} Å{_asked(form)}{said}",
        values={
            "part": name,
            **form.asked,
            "octahedra": count,
            **along,
            "reached_A": [None if k in endless else float(extent[k]) for k in range(3)],
            "volume_A3": round(volume, 3),
            "equivalent_diameter_A": None
            if endless
            else round(float((6 * volume / np.pi) ** (1 / 3)), 3),
        },
    )


def _halides(sites: Sites, chosen: BoolArray, most: int) -> IntArray:
    """Return where halides are that belong to at least one and at most some chosen octahedra."""
    block = sites.block
    framework, region = block.framework, sites.region.ravel()
    units = np.flatnonzero(framework.site == Site.X).tolist()
    found = [np.empty(0, dtype=np.int64)]
    for v, links in unit_links(framework, block.periodic, chosen, units):
        cells = np.flatnonzero(links == 1 if most == 1 else (links > 0) & (links <= most))
        found.append(cells * block.grid[3] + v)
    index = np.sort(np.concatenate(found))
    there: IntArray = index[region[index] > 0]
    return there


def _asked(form: Form) -> str:
    """Say what was asked for in Å, where that was a length."""
    for key in ("asked_A", "asked_thickness_A", "asked_inscribed_radius_A"):
        value = form.asked.get(key)
        lengths = [entry for entry in value if entry] if isinstance(value, list) else [value]
        shown = " × ".join(f"{entry:g}" for entry in lengths if isinstance(entry, int | float))
        if shown:
            what = {"asked_A": "", "asked_thickness_A": " thick"}.get(key, " inscribed radius")
            return f", asked {shown} Å{what}"
    return ""


def _counted(form: Form, draft: Draft, chosen: BoolArray) -> tuple[str, dict[str, object]]:
    """Compare the octahedra along x, y and z with those asked for, where they were counted."""
    wanted = form.asked.get("asked_octahedra")
    if not isinstance(wanted, list) or not any(wanted):
        return "", {}
    free = ["endless" if endless else "any" for endless in form.periodic[: len(wanted)]]
    asked = " × ".join(end if n is None else str(n) for n, end in zip(wanted, free, strict=True))
    reached = _along(form, draft, chosen)
    if reached is None:
        return f", asked {asked} octahedra along x, y and z", {}
    reached = reached[: len(wanted)]
    known: dict[str, object] = {"octahedra_along": [list(counts) for counts in reached]}
    if all(n is None or counts == (n,) for n, counts in zip(wanted, reached, strict=True)):
        return "", known
    words = " × ".join(
        end if n is None else "–".join(map(str, sorted({counts[0], counts[-1]})))
        for n, counts, end in zip(wanted, reached, free, strict=True)
    )
    return f", asked {asked} octahedra, reached {words}", known


def _along(form: Form, draft: Draft, chosen: BoolArray) -> list[tuple[int, ...]] | None:
    """Return how many octahedra follow each other along x, y and z; None where none do.

    Sheets that are shifted by half a step have rows of different lengths, fewest first.
    """
    axes = form.axes / np.linalg.norm(form.axes, axis=1)[:, None]
    order = np.argmax(np.abs(axes), axis=0)
    if np.abs(axes[order, range(3)]).min() < _PARALLEL or len(set(order.tolist())) < 3:
        return None
    there = np.zeros(draft.sites.region.shape, dtype=bool)
    there[..., draft.sites.block.framework.b_units] = chosen
    centres = site_positions(draft.sites, np.flatnonzero(there)) @ draft.rotation
    steps = (centres - centres[0]) @ np.linalg.inv(form.axes[order])
    halves = np.rint(2 * steps).astype(np.int64)
    halves -= halves.min(axis=0)
    found = []
    for k in range(3):
        levels = np.flatnonzero(np.bincount(halves[:, k]))
        counts = [len(levels)]
        if np.ptp(levels % 2):
            rows = np.unique(np.delete(halves, k, axis=1), axis=0, return_counts=True)[1]
            counts = sorted(set(rows.tolist()))
        found.append(tuple(counts))
    return found
