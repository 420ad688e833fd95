"""What a crystal's formula and coordinates imply: factors, tilts, valences, molecules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild import labels
from heterobuild.errors import HeterobuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heterobuild.model import Crystal


def structure_facts(crystal: Crystal) -> dict[str, Any]:
    """Collect what follows from the formula and the coordinates.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    dict
        Plain data; None where a fact is not defined or not known.
    """
    return {
        "origin": crystal.origin,
        "length_error_percent": round(100 * crystal.length_error, 2) or None,
        "mixtures": [
            {"site": mixture.site, "shares": dict(mixture.shares)} for mixture in crystal.mixtures
        ],
        **_factors(crystal),
        "tilts": _tilts(crystal),
        "bond_valence": _valences(crystal),
        "net_molecular_direction": _net_direction(crystal),
    }


def mean_mass(crystal: Crystal) -> float:
    """Return the mass of the conventional cell, mixed sites with their shares.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.

    Returns
    -------
    float
        Mass in atomic mass units.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> halves = mean_mass(load_crystal("CsPb(Br0.5I0.5)3:cubic"))
    >>> round(halves, 2) == round(132.905 + 207.2 + 1.5 * (79.904 + 126.904), 2)
    True
    """
    from heterobuild.alloys.mixed_sites import mixed_sites

    atoms = crystal.require_atoms()
    mass = float(atoms.get_masses().sum())
    for mixture in crystal.mixtures:
        sites = len(mixed_sites(atoms, crystal.molecules, mixture).first)
        mean = sum(share * _unit_mass(ion) for ion, share in mixture.shares)
        mass += sites * (mean - _unit_mass(mixture.parent))
    return mass


def _unit_mass(name: str) -> float:
    """Return the mass of an ion or molecule."""
    from ase.data import atomic_masses, atomic_numbers

    from heterobuild.chemistry.molecules import load_molecule

    numbers = [atomic_numbers[name]] if name in atomic_numbers else load_molecule(name).numbers
    return float(atomic_masses[numbers].sum())


def structure_lines(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Set the facts as label and text.

    Parameters
    ----------
    facts : mapping
        As `structure_facts` returns them.

    Yields
    ------
    tuple of str
        Label and text; the text is empty where there is nothing to tell.
    """
    error = facts["length_error_percent"]
    if facts["origin"] in ("mixed", "model"):
        yield "lengths", f"expected error {error:g} %" if error else ""
    for mixture in facts["mixtures"]:
        shares = ", ".join(f"{ion} {share:.4g}" for ion, share in mixture["shares"].items())
        yield f"{mixture['site']} sites", shares
    if facts["tolerance_factor"] is not None:
        tolerance, octahedral = facts["tolerance_factor"], facts["octahedral_factor"]
        yield "factors", f"tolerance {tolerance:.3f}, octahedral {octahedral:.3f}"
    yield "tilts", _tilt_text(facts["tilts"])
    yield "valences", _valence_text(facts["bond_valence"])
    for name, vector in (facts["net_molecular_direction"] or {}).items():
        yield f"{name} axes", f"mean ({', '.join(f'{x:+.2f}' for x in vector)}) of unit vectors"


def _factors(crystal: Crystal) -> dict[str, float | None]:
    """Return tolerance and octahedral factor."""
    from heterobuild.chemistry.compounds import parse_compound
    from heterobuild.chemistry.descriptors import describe_compound

    try:
        found = describe_compound(parse_compound(crystal.formula))
    except HeterobuildError:
        return {"tolerance_factor": None, "octahedral_factor": None}
    return {
        "tolerance_factor": _rounded(found.tolerance_factor),
        "octahedral_factor": _rounded(found.octahedral_factor),
    }


def _tilts(crystal: Crystal) -> dict[str, Any] | None:
    """Return Glazer's symbol, the angles and the mean B–X–B angle."""
    from heterobuild.tilts.angles import tilt_angles

    try:
        found = tilt_angles(crystal)
    except HeterobuildError:
        return None
    return {
        "glazer": found.symbol,
        "angles_degrees": [round(angle, 2) for angle in found.angles],
    }


def _tilt_text(tilts: Mapping[str, Any] | None) -> str:
    if tilts is None:
        return ""
    angles = ", ".join(f"{angle:g}" for angle in tilts["angles_degrees"])
    return f"{tilts['glazer']}, {angles}° about the pseudo-cubic axes"


def _valences(crystal: Crystal) -> dict[str, Any] | None:
    """Return bond-valence sums by element and the global instability index."""
    from heterobuild.chemistry.bond_valence import bond_valence_sums

    if crystal.atoms is None or crystal.mixtures:
        return None
    found = bond_valence_sums(crystal)
    return {
        "sums": {name: round(mean, 2) for name, (mean, _) in found.by_element.items()},
        "global_instability_index": _rounded(found.global_instability_index),
        "without_parameters": list(found.missing),
        "without_molecules": list(found.molecules),
    }


def _valence_text(valences: Mapping[str, Any] | None) -> str:
    if valences is None or not valences["sums"]:
        return ""
    text = ", ".join(f"{name} {value:.2f}" for name, value in valences["sums"].items())
    index = valences["global_instability_index"]
    if index is not None:
        return f"{text}, global instability index {index:.3f}"
    left_out = valences["without_molecules"] + valences["without_parameters"]
    return f"{text}, without {', '.join(left_out)}"


def _net_direction(crystal: Crystal) -> dict[str, list[float]] | None:
    """Return the mean of the axes from tail to head of each kind of molecule."""
    if crystal.atoms is None or not crystal.molecules:
        return None
    atoms = crystal.atoms
    found = {}
    for code, body in enumerate(crystal.molecules, 1):
        index = np.flatnonzero(atoms.arrays[labels.KIND] == code)
        index = index[np.argsort(atoms.arrays[labels.MOLECULE][index], kind="stable")]
        places = atoms.positions[index].reshape(-1, len(body.numbers), 3)
        numbers = atoms.numbers[index].reshape(-1, len(body.numbers))
        if not len(places):
            continue
        heavy = (numbers != 1)[..., None]
        centres = (places * heavy).sum(axis=1) / heavy.sum(axis=1)
        charged = (atoms.arrays[labels.CHARGE][index].reshape(numbers.shape) != 0)[..., None]
        heads = (places * charged).sum(axis=1) / charged.sum(axis=1)
        axes = (heads - centres) * _head_side(body.name)
        lengths = np.linalg.norm(axes, axis=1, keepdims=True)
        mean = np.divide(axes, lengths, out=np.zeros_like(axes), where=lengths > 0.05).mean(axis=0)
        found[body.name] = [round(float(x), 3) + 0.0 for x in mean]
    return found


def _head_side(name: str) -> int:
    """Return −1 where the head lies at the negative end of the axis, as in formamidinium."""
    from heterobuild.chemistry.molecules import list_molecules, load_molecule

    if name not in list_molecules():
        return 1
    body = load_molecule(name)
    return -1 if body.positions[list(body.head), 0].mean() < 0 else 1


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
