"""From ions in any cell to a crystal in the standard setting of its space group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.crystals.asymmetric_units import crystal_from_phase
from heterobuild.crystals.phase_files import AtomSite, PhaseFile
from heterobuild.crystals.symmetry import symmetry_dataset
from heterobuild.crystals.turned_cations import turn_cations
from heterobuild.errors import HeterobuildError
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal, Source

SYMMETRY_TOLERANCE = 1e-4
"""Å; models are exact to rounding, and a tilt of 0.01° moves an X by five times as much."""

_DIGITS = 10


def crystal_of_sites(
    cell: FloatArray,
    positions: FloatArray,
    species: Sequence[str],
    *,
    roles: Mapping[str, Site],
    axes: FloatArray | None,
    name: str,
    formula: str,
    phase: str,
    source: Source,
    notices: tuple[str, ...] = (),
    length_error: float = 0.0,
    charges: Mapping[str, float] | None = None,
) -> Crystal:
    """Make the crystal of a model in the standard setting, with its molecules turned.

    Parameters
    ----------
    cell : (3, 3) float array
        Any cell in Å, row vectors, right-handed.
    positions : (n, 3) float array
        Ions and centres of molecules in Å.
    species : sequence of str
        Element or molecule of each position.
    roles : mapping of str to Site
        Role of each species.
    axes : (3, 3) float array or None
        Pseudo-cubic axes in Å in the frame of the cell, rows; None where there are none.
    name, formula, phase : str
        As in `heterobuild.model.Crystal`.
    source : Source
        How the model was made.
    notices : tuple of str, optional
        Warnings to show.
    length_error : float, optional
        Expected relative error of the lengths.
    charges : mapping of str to float, optional
        Formal charges in e of elements that have several; the usual ones by default.

    Returns
    -------
    Crystal
        Of origin ``model``; molecules lie along the first pseudo-cubic axis, by the rule
        ``aligned`` of `heterobuild.crystals.cations`.

    Raises
    ------
    HeterobuildError
        If spglib finds no symmetry, as where two ions coincide.
    """
    names = list(dict.fromkeys(species))
    numbers = np.array([names.index(entry) + 1 for entry in species])
    found = symmetry_dataset(cell, positions, numbers, symprec=SYMMETRY_TOLERANCE)
    if found is None:
        raise HeterobuildError(
            f"no space group was found for the model {name}",
            next_step="change the tilts or the lengths; two ions may coincide",
        )
    file = _phase_file(found, names, roles, name=name, formula=formula, phase=phase, source=source)
    file = replace(file, charges=dict(charges or {}))
    if axes is not None:
        into = np.asarray(found.transformation_matrix)
        fractions = axes @ np.linalg.inv(cell) @ into.T
        file = replace(file, pseudocubic=fractions.round(_DIGITS) + 0.0)
    crystal = crystal_from_phase(file)
    return replace(
        turn_cations(crystal), origin="model", length_error=length_error, notices=tuple(notices)
    )


def _phase_file(
    found: Any,
    names: Sequence[str],
    roles: Mapping[str, Site],
    *,
    name: str,
    formula: str,
    phase: str,
    source: Source,
) -> PhaseFile:
    """Write what spglib found as a crystal file would say it."""
    lattice = np.asarray(found.std_lattice)
    sites = _asymmetric_unit(found, names, roles)
    units = sum(site.multiplicity for site in sites if site.role is Site.B)
    return PhaseFile(
        path=f"the model {name}",
        family="",
        name=name,
        formula=formula,
        full_formula=formula,
        phase=phase,
        aliases=(),
        room_temperature=False,
        lengths_angles=_parameters(lattice),
        space_group=str(found.international),
        setting=str(found.choice) or "standard",
        number=int(found.number),
        z=units,
        temperature=None,
        density=None,
        pseudocubic=None,
        layers={},
        source=source,
        coordinates="model",
        charges={},
        sites=sites,
    )


def _asymmetric_unit(
    found: Any, names: Sequence[str], roles: Mapping[str, Site]
) -> tuple[AtomSite, ...]:
    """Return one position of each orbit of the standard cell, in the order of the species."""
    owner = _owners(found)
    orbit = np.asarray(found.crystallographic_orbits)[owner]
    kinds = np.asarray(found.std_types)
    sites = []
    for code in sorted(set(orbit.tolist()), key=lambda code: (kinds[orbit == code][0], code)):
        members = np.flatnonzero(orbit == code)
        species = names[int(kinds[members[0]]) - 1]
        x, y, z = (round(float(value), _DIGITS) for value in found.std_positions[members[0]])
        letter = found.wyckoffs[owner[members[0]]]
        sites.append(
            AtomSite(
                species=species,
                wyckoff=f"{len(members)}{letter}",
                position=(x, y, z),
                role=roles[species],
            )
        )
    return tuple(sites)


def _owners(found: Any) -> IntArray:
    """Return for each position of the standard cell one of the input that is equivalent."""
    primitive, first = np.unique(found.mapping_to_primitive, return_index=True)
    owners: IntArray = first[np.searchsorted(primitive, found.std_mapping_to_primitive)]
    return owners


def _parameters(lattice: FloatArray) -> tuple[float, float, float, float, float, float]:
    """Return lengths in Å and angles in degrees, right angles exactly."""
    lengths = np.linalg.norm(lattice, axis=1)
    units = lattice / lengths[:, None]
    cosines = [units[1] @ units[2], units[2] @ units[0], units[0] @ units[1]]
    angles = np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0))).round(9)
    a, b, c = (round(float(value), _DIGITS) for value in lengths)
    alpha, beta, gamma = (float(value) for value in angles)
    return (a, b, c, alpha, beta, gamma)
