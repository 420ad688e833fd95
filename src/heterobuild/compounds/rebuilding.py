"""Phases of the library built again from their formula, to see how good the models are.

What the models know of a compound is forgotten first: the fits and the templates leave out all
its phases. The rest of the library stays, so a layered phase may take the gap between its sheets
from another one with the same spacer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals import load_phase
from heterobuild.crystals.phase_names import find_phase
from heterobuild.errors import HeterobuildError
from heterobuild.estimates.measured_lengths import bonds, room_factor
from heterobuild.labels import SITE, Site
from heterobuild.prototypes.builders import build_prototype

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.crystals.phase_files import PhaseFile
    from heterobuild.model import Compound, Crystal

NEIGHBOURS = {"ab2x5": 8, "ab2x3": 4}
"""Halides in the first shell of B by structure type, where they are not six."""

PEROVSKITES = {221: "cubic", 127: "tetragonal", 140: "tetragonal-I4mcm", 62: "orthorhombic"}
"""Name of the modelled phase by the number of the space group."""

HEXAGONAL = (186, 194)
"""Space groups of ABX3 with octahedra that share faces; 186 differs by ordered molecules."""


@dataclass(frozen=True, kw_only=True)
class RebuiltLength:
    """A length of a phase, measured and predicted.

    Parameters
    ----------
    quantity : str
        What it is.
    measured, predicted : float
        In Å, at 298 K.
    """

    quantity: str
    measured: float
    predicted: float

    @property
    def error(self) -> float:
        """Relative error of the prediction."""
        return self.predicted / self.measured - 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Rebuilt:
    """A phase of the library beside the model of its formula.

    Parameters
    ----------
    name : str
        Name of the phase in the library.
    family : str
        Folder of its file.
    space_group : str
        Measured, in the setting of the library.
    model : Crystal or None
        Built from the formula and the kind of the phase, everything of the same compound left
        out; None where that is not possible.
    reason : str
        Why there is no model, empty where there is one.
    lengths : tuple of RebuiltLength
        ``length``: cube root of the volume of a formula unit, the pseudo-cubic length of a
        perovskite; of layered phases instead ``in-plane length``, the square root of the area of
        one octahedron, and ``layer spacing``.
    edges : tuple of RebuiltLength
        ``a``, ``b``, ``c`` of the conventional cell; empty for layered phases and where the model
        has another space group, because the axes differ.
    bonds : tuple of RebuiltLength
        ``shortest bond`` of B to X and ``mean bond`` over the first shell; empty where the atoms
        of the phase are not known from an experiment or a calculation.
    """

    name: str
    family: str
    space_group: str
    model: Crystal | None = None
    reason: str = ""
    lengths: tuple[RebuiltLength, ...] = ()
    edges: tuple[RebuiltLength, ...] = ()
    bonds: tuple[RebuiltLength, ...] = ()


def rebuild(name: str) -> Rebuilt:
    """Build a phase of the library from its formula, without using anything of its compound.

    Measured lengths are brought to 298 K by the thermal expansion of the phase, because the
    model is for that temperature.

    Parameters
    ----------
    name : str
        Any name of a phase of the library.

    Returns
    -------
    Rebuilt
        The model and its lengths beside those measured; or the reason why there is no model.

    Raises
    ------
    UnknownNameError
        If the library has no such phase.

    Examples
    --------
    >>> found = rebuild("CsPbBr3_cubic")
    >>> found.model.space_group, [round(row.predicted, 2) for row in found.lengths]
    ('Pm-3m', [5.84])
    >>> rebuild("CsCu2I3").reason
    'no measured phase of the type ab2x3 is left to start from'
    """
    phase, _ = find_phase(name)
    try:
        compound = parse_compound(phase.formula)
        model = build_prototype(compound, model_phase(phase, compound), without=(phase.formula,))
    except HeterobuildError as error:
        return Rebuilt(
            name=phase.name,
            family=phase.family,
            space_group=phase.space_group,
            reason=error.what,
        )
    measured = load_phase(phase.name)
    factor = room_factor(phase)
    alike = not compound.layers and phase.number == model.space_group_number
    return Rebuilt(
        name=phase.name,
        family=phase.family,
        space_group=phase.space_group,
        model=model,
        lengths=_compared(_lengths(measured), _lengths(model), factor),
        edges=_compared(_edges(measured), _edges(model), factor) if alike else (),
        bonds=_shells(phase, measured, model, NEIGHBOURS.get(compound.prototype, 6)),
    )


def model_phase(phase: PhaseFile, compound: Compound) -> str | None:
    """Return the name of the modelled phase that is nearest to a measured one.

    Parameters
    ----------
    phase : PhaseFile
        A phase of the library.
    compound : Compound
        Its compound.

    Returns
    -------
    str or None
        Of perovskites by the space group, cubic for groups that no tilt system has; delta and
        ``2H`` where octahedra share edges and faces; None for types with one phase.

    Examples
    --------
    >>> model_phase(find_phase("CsPbI3_gamma")[0], parse_compound("CsPbI3"))
    'orthorhombic'
    """
    if compound.prototype != "abx3":
        return None
    if phase.number in HEXAGONAL:
        return "2H"
    return "delta" if phase.pseudocubic is None else PEROVSKITES.get(phase.number, "cubic")


def _lengths(crystal: Crystal) -> dict[str, float]:
    """Return the lengths that give the size of a crystal."""
    if crystal.pseudocubic is not None and parse_compound(crystal.formula).layers:
        axes = crystal.pseudocubic @ crystal.cell
        normal = np.cross(axes[0], axes[1])
        area = float(np.linalg.norm(normal))
        spacing = abs(float(axes[2] @ normal)) / area
        return {"in-plane length": float(np.sqrt(area)), "layer spacing": spacing}
    volume = float(np.linalg.det(crystal.cell)) / crystal.z
    return {"length": float(np.cbrt(volume))}


def _edges(crystal: Crystal) -> dict[str, float]:
    """Return the edges of the conventional cell."""
    return dict(zip("abc", np.linalg.norm(crystal.cell, axis=1).tolist(), strict=True))


def _shells(
    phase: PhaseFile, measured: Crystal, model: Crystal, count: int
) -> tuple[RebuiltLength, ...]:
    """Compare the first shells of B."""
    if measured.atoms is None or phase.coordinates in ("model", "none"):
        return ()
    return _compared(_shell(measured, count), _shell(model, count), room_factor(phase))


def _shell(crystal: Crystal, count: int) -> dict[str, float]:
    """Return the shortest bond of B to X and the mean over its nearest halides."""
    atoms = crystal.require_atoms()
    b, _, lengths, _ = bonds(atoms)
    order = np.lexsort((lengths, b))
    rank = np.arange(len(b)) - np.searchsorted(b[order], b[order])
    nearest: FloatArray = lengths[order][rank < count]
    if len(nearest) != count * int((atoms.arrays[SITE] == Site.B).sum()):
        return {}
    return {"shortest bond": float(nearest.min()), "mean bond": float(nearest.mean())}


def _compared(
    measured: dict[str, float], predicted: dict[str, float], factor: float
) -> tuple[RebuiltLength, ...]:
    """Put lengths side by side, the measured ones brought to 298 K."""
    return tuple(
        RebuiltLength(quantity=key, measured=value * factor, predicted=predicted[key])
        for key, value in measured.items()
        if key in predicted
    )
