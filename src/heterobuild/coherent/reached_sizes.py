"""The size that a part reached, beside the size that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import links_of
from heterobuild.frameworks.emission import site_positions
from heterobuild.labels import Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.coherent.draft import Draft
    from heterobuild.particles.forms import Form


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
    links = links_of(sites.block, chosen)
    links *= (sites.region > 0) & (framework.site == Site.X)
    index = np.flatnonzero(links == 1)
    points = site_positions(sites, index if len(index) else np.flatnonzero(links))
    points = points @ draft.rotation
    low, high = points.min(axis=0), points.max(axis=0)
    count = int(chosen.sum())
    volume = count * framework.octahedron_volume
    extent = (high - low).round(3)
    name = draft.names[code - 1]
    endless = [k for k in range(3) if form.periodic[k]]
    shown = " × ".join("endless" if k in endless else f"{extent[k]:.1f}" for k in range(3))
    return Step(
        name="size",
        choice=f"{name}: {count} octahedra, {shown} Å{_asked(form)}",
        values={
            "part": name,
            **form.asked,
            "octahedra": count,
            "reached_A": [None if k in endless else float(extent[k]) for k in range(3)],
            "volume_A3": round(volume, 3),
            "equivalent_diameter_A": None
            if endless
            else round(float((6 * volume / np.pi) ** (1 / 3)), 3),
        },
    )


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
