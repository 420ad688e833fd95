"""The crystal files of the library: read one, and say clearly what is wrong in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.data_files import list_data, read_toml
from heterobuild.errors import StructureFileError
from heterobuild.labels import Site
from heterobuild.model import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Confidence

FOLDER = "phases"

CELL_CONFIDENCE: Mapping[str, Confidence] = {
    "verified-cif": "high",
    "verified-abstract": "high",
    "memory-high": "high",
    "memory-medium": "medium",
    "memory-low": "low",
}
"""Trust in cell and space group by the word that the file uses."""

COORDINATE_CONFIDENCE: Mapping[str, Confidence] = {
    "symmetry-fixed": "high",
    "refined-cif": "high",
    "dft-cif": "medium",
    "mlip-relaxed": "medium",
    "memory": "medium",
    "model": "low",
    "none": "low",
}
"""Trust in the free coordinates by the word that the file uses."""


@dataclass(frozen=True, kw_only=True)
class AtomSite:
    """One row of the asymmetric unit.

    Parameters
    ----------
    species : str
        Element, or name of a molecule whose centre the position is.
    wyckoff : str
        Multiplicity and letter, such as ``8d``.
    position : tuple of float
        Fractional coordinates.
    role : Site
        Role in the structure.
    """

    species: str
    wyckoff: str
    position: tuple[float, float, float]
    role: Site

    @property
    def multiplicity(self) -> int:
        """The number of equivalent positions in the conventional cell."""
        return int(self.wyckoff.rstrip("abcdefghijklmnopqrstuvwxyzA"))


@dataclass(frozen=True, kw_only=True, eq=False)
class PhaseFile:
    """The content of one crystal file.

    Parameters
    ----------
    path : str
        Path below the data folder.
    family : str
        Folder of the file.
    name, formula, full_formula, phase : str
        Name in the library, short formula, formula with all atoms, name of the polymorph.
    aliases : tuple of str
        Other names.
    room_temperature : bool
        Whether it is the phase stable at room temperature.
    lengths_angles : tuple of float
        a, b, c in Å, α, β, γ in degrees.
    space_group, setting : str
        Hermann–Mauguin symbol, and words on its setting.
    number : int
        Number in the International Tables, 0 where unknown.
    z : int
        Formula units in the cell.
    temperature : float or None
        Temperature of the measurement in K.
    density : float or None
        Density in g/cm³ that the source's cell implies.
    pseudocubic : (3, 3) float array or None
        Pseudo-cubic axes as fractions, rows.
    layers : mapping
        What is said about the layers of a layered crystal.
    source : Source
        Origin and trust.
    coordinates : str
        Word for the origin of the free coordinates, a key of `COORDINATE_CONFIDENCE`.
    charges : mapping of str to float
        Formal charges in e of elements that have several, in this crystal.
    sites : tuple of AtomSite
        The asymmetric unit; empty where only the cell is known.
    """

    path: str
    family: str
    name: str
    formula: str
    full_formula: str
    phase: str
    aliases: tuple[str, ...]
    room_temperature: bool
    lengths_angles: tuple[float, float, float, float, float, float]
    space_group: str
    setting: str
    number: int
    z: int
    temperature: float | None
    density: float | None
    pseudocubic: FloatArray | None
    layers: Mapping[str, Any]
    source: Source
    coordinates: str
    charges: Mapping[str, float]
    sites: tuple[AtomSite, ...]

    @property
    def confidence(self) -> Confidence:
        """The lower trust of cell and, where there are atoms, coordinates."""
        trust = {self.source.cell, self.source.coordinates if self.sites else self.source.cell}
        return "low" if "low" in trust else "medium" if "medium" in trust else "high"


@cache
def phase_files() -> tuple[PhaseFile, ...]:
    """Read all crystal files, once.

    Returns
    -------
    tuple of PhaseFile
        Sorted by path.

    Raises
    ------
    StructureFileError
        If a file cannot be used.
    """
    return tuple(parse_phase(read_toml(path), path=path) for path in list_data(FOLDER))


def parse_phase(content: Mapping[str, Any], *, path: str) -> PhaseFile:
    """Turn the content of a crystal file into a record.

    Parameters
    ----------
    content : mapping
        The tables of the file.
    path : str
        Its path, for messages.

    Returns
    -------
    PhaseFile
        The record.

    Raises
    ------
    StructureFileError
        If an entry is missing or has a value that cannot be used.
    """
    try:
        return _parse(content, path)
    except KeyError as error:
        raise StructureFileError(
            f"the entry {error.args[0]} is missing or its value is unknown",
            where=path,
            next_step="compare with another crystal file of the same folder",
        ) from error
    except (TypeError, ValueError) as error:
        raise StructureFileError(
            f"an entry has the wrong form: {error}",
            where=path,
            next_step="compare with another crystal file of the same folder",
        ) from error


def _parse(content: Mapping[str, Any], path: str) -> PhaseFile:
    """Fill the record."""
    cell = content["cell"]
    atoms = content.get("atoms", {})
    axes = tuple(float(cell[key]) for key in ("a", "b", "c", "alpha", "beta", "gamma"))
    if not all(math.isfinite(value) and value > 0 for value in axes):
        raise ValueError(f"cell lengths and angles must be positive numbers, not {axes}")
    return PhaseFile(
        path=path,
        family=path.split("/")[-2],
        name=content["name"],
        formula=content["formula"],
        full_formula=content.get("full_formula", content["formula"]),
        phase=content["phase"],
        aliases=tuple(content.get("aliases", ())),
        room_temperature=bool(content["room_temperature"]),
        lengths_angles=axes,  # type: ignore[arg-type]
        space_group=cell.get("space_group", ""),
        setting=cell.get("setting", "standard"),
        number=int(cell.get("number", 0)),
        z=int(cell["Z"]),
        temperature=cell.get("temperature_K"),
        density=cell.get("density_g_cm3"),
        pseudocubic=_axes(cell.get("pseudocubic")),
        layers=content.get("layers", {}),
        source=_source(content["source"]),
        coordinates=content["source"]["coordinates"],
        charges=atoms.get("charges", {}),
        sites=tuple(_site(row) for row in atoms.get("sites", ())),
    )


def _axes(rows: list[list[float]] | None) -> FloatArray | None:
    """Check the pseudo-cubic axes."""
    if rows is None:
        return None
    axes = np.array(rows, dtype=np.float64)
    if axes.shape != (3, 3) or np.linalg.det(axes) <= 0:
        raise ValueError("pseudocubic must be three right-handed rows of three fractions")
    return axes


def _source(table: Mapping[str, str]) -> Source:
    """Translate the words for trust."""
    return Source(
        citation=table["citation"],
        doi=table.get("doi", ""),
        cell=CELL_CONFIDENCE[table["confidence"]],
        coordinates=COORDINATE_CONFIDENCE[table["coordinates"]],
        notes=table.get("notes", ""),
    )


def _site(row: list[Any]) -> AtomSite:
    """Read one row of the asymmetric unit."""
    species, wyckoff, x, y, z, role = row
    position = (float(x), float(y), float(z))
    if not all(math.isfinite(value) for value in position):
        raise ValueError(f"the position of {species} {wyckoff} is not a number")
    site = AtomSite(species=species, wyckoff=wyckoff, position=position, role=Site[role.upper()])
    if site.multiplicity < 1:
        raise ValueError(f"{wyckoff} is not a Wyckoff site")
    return site
