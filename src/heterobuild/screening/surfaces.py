"""The surface cells of all distinct faces of a crystal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.errors import HeterobuildError
from heterobuild.screening.alignment import align_bands
from heterobuild.screening.face_frames import face_frames
from heterobuild.screening.face_stiffness import face_stiffness
from heterobuild.screening.faces import distinct_faces
from heterobuild.screening.materials import load_material

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Confidence, Crystal, Miller
    from heterobuild.screening.face_stiffness import Knowledge
    from heterobuild.screening.materials import Material

UNKNOWN = "unknown"
"""Type of band alignment where an edge is not known."""

_TRUST: tuple[Confidence, ...] = ("low", "medium", "high")


@dataclass(frozen=True, kw_only=True, eq=False)
class Surfaces:
    """All distinct faces of one crystal.

    Parameters
    ----------
    name : str
        Name of the material.
    crystal : Crystal
        The crystal; not to be changed.
    faces : tuple of tuple of int
        Miller indices.
    cells : (k, 2, 2) float array
        Primitive surface cells in Å.
    stiffness : (k, 3, 3) float array
        Plane-stress stiffness of each face in GPa, see `face_stiffness`.
    elastic_constants : {"known", "mixed", "assumed"}
        What the stiffness rests on, see `face_stiffness`.
    density : float or None
        Atoms per Å³; None where the number of atoms is not known.
    has_band_edges : bool
        Whether band edges are known.
    confidence : {"high", "medium", "low"}
        Trust: the lower one of cell and, where there are atoms, coordinates.
    """

    name: str
    crystal: Crystal
    faces: tuple[Miller, ...]
    cells: FloatArray
    stiffness: FloatArray
    elastic_constants: Knowledge
    density: float | None
    has_band_edges: bool
    confidence: Confidence


@lru_cache(maxsize=4096)
def surfaces_of(material: Material, max_index: int = 1) -> Surfaces:
    """Load a crystal and find its distinct faces.

    Parameters
    ----------
    material : Material
        The crystal.
    max_index : int, optional
        Largest absolute Miller index.

    Returns
    -------
    Surfaces
        Its faces; kept, so that a crystal is loaded once a process.

    Raises
    ------
    StructureFileError
        If the user's file cannot be used.

    Examples
    --------
    >>> from heterobuild.screening.materials import Material
    >>> found = surfaces_of(Material(name="CsPbBr3_cubic"))
    >>> found.faces[0], found.cells[0].round(3).tolist()
    ((0, 0, 1), [[5.874, 0.0], [0.0, 5.874]])
    """
    crystal = load_material(material)
    faces = distinct_faces(crystal, max_index)
    cells, turns = face_frames(crystal, faces)
    stiffness, knowledge = face_stiffness(crystal, turns)
    trust = [crystal.source.cell]
    if crystal.atoms is not None:
        trust.append(crystal.source.coordinates)
    return Surfaces(
        name=material.name,
        crystal=crystal,
        faces=faces,
        cells=cells,
        stiffness=stiffness,
        elastic_constants=knowledge,
        density=_density(crystal),
        has_band_edges=align_bands(crystal, crystal).kind != UNKNOWN,
        confidence=min(trust, key=_TRUST.index),
    )


def lower_confidence(first: Confidence, second: Confidence) -> Confidence:
    """Return the lower of two degrees of trust.

    Parameters
    ----------
    first, second : {"high", "medium", "low"}
        Trust in two data.

    Returns
    -------
    {"high", "medium", "low"}
        Trust in what follows from both.
    """
    return min(first, second, key=_TRUST.index)


def _density(crystal: Crystal) -> float | None:
    """Return the atoms per Å³, by the formula where only the cell is known or sites are mixed."""
    volume = float(np.linalg.det(crystal.cell))
    try:
        if crystal.mixtures:
            sites = parse_compound(crystal.formula).sublattices
            amounts = [(ion, float(amount)) for site in sites for ion, amount in site.amounts]
        elif crystal.atoms is not None:
            return len(crystal.atoms) / volume
        else:
            amounts = list(expand_formula(crystal.formula).items())
    except HeterobuildError:
        return None
    molecules = set(list_molecules())
    sizes = (len(load_molecule(ion).numbers) if ion in molecules else 1 for ion, _ in amounts)
    return crystal.z * sum(n * size for (_, n), size in zip(amounts, sizes, strict=True)) / volume
