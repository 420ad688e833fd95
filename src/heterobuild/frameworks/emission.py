"""From sites to labelled atoms, in one pass over arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.frameworks.block import shift_points
from heterobuild.frameworks.sites import EMPTY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray
    from heterobuild.frameworks.sites import Sites
    from heterobuild.model import Molecule

CHUNK = 1 << 14
"""Sites that are looked up at a time, few enough to stay in the cache."""


def site_positions(
    sites: Sites,
    index: CodeArray | None = None,
    *,
    rotation: FloatArray | None = None,
    shift: FloatArray | None = None,
) -> FloatArray:
    """Return where sites are.

    Parameters
    ----------
    sites : Sites
        The sites.
    index : (m,) int array, optional
        Flat indices of the sites wanted; all of the block by default.
    rotation : (3, 3) float array, optional
        Rotation from the frame of the crystal into that of the model; none by default.
    shift : (3,) float array, optional
        Added after the rotation, in Å.

    Returns
    -------
    (m, 3) float array
        Positions in Å.
    """
    x, plane = _lines(sites, rotation, shift)
    if index is None:
        found = np.empty((len(x), len(plane), 3))
        for step, points in zip(x, found, strict=True):
            shift_points(plane, step, points)
        return found.reshape(-1, 3)
    found = np.empty((len(index), 3))
    for start in range(0, len(index), CHUNK):
        i, rest = np.divmod(index[start : start + CHUNK], len(plane))
        np.add(plane[rest], x[i], out=found[start : start + CHUNK])
    return found


def _lines(
    sites: Sites, rotation: FloatArray | None, shift: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Return the steps from plane to plane of cells, and where the sites of a plane are."""
    block = sites.block
    turn = np.eye(3) if rotation is None else rotation
    x, y, z = (
        np.multiply.outer(np.arange(o, o + n, dtype=np.float64), vector)
        for o, n, vector in zip(block.origin, block.cells, block.framework.cell @ turn, strict=True)
    )
    centres = block.framework.centres @ turn + (0.0 if shift is None else shift)
    line = (z[:, None] + centres).reshape(-1, 3)
    return x, (y[:, None] + line).reshape(-1, 3)


def site_atoms(
    sites: Sites,
    *,
    rotation: FloatArray,
    shift: FloatArray,
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
    moves: FloatArray | None = None,
    extra: Mapping[str, FloatArray] | None = None,
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Return the atoms on all occupied sites: ions in the order of the sites, then molecules.

    Parameters
    ----------
    sites : Sites
        The sites.
    rotation : (3, 3) float array
        Proper rotation from the frame of the crystal into that of the model, times a strain where
        the model is strained. Molecules turn and keep their shape.
    shift : (3,) float array
        Added to all positions after the rotation, in Å.
    cell : (3, 3) float array
        Cell of the model in Å.
    pbc : tuple of bool
        Periodic directions of the model.
    moves : (s, 3) float array, optional
        Displacement in Å of each site of the block in the frame of the model, added last.
    extra : mapping of str to (s,) or (s, k) float array, optional
        Further arrays of the atoms, given for the sites.

    Returns
    -------
    atoms : ase.Atoms
        Labelled atoms.
    molecules : tuple of Molecule
        Kinds of molecule.
    """
    species = sites.species.ravel()
    groups = [
        k
        for k, entry in enumerate(sites.table)
        if entry.molecule is not None and bool((species == k).any())
    ]
    codes, molecules = _kinds(sites, groups)
    ionic = species != EMPTY
    for k in groups:
        ionic &= species != k
    emit = _Emitter(sites=sites, rotation=rotation, shift=shift, moves=moves, extra=extra or {})
    columns = _ions(emit, None if ionic.all() else ionic)
    if groups:
        parts, count = [columns], 0
        for k in groups:
            index = np.flatnonzero(species == k)
            parts.append(_copies(emit, k, index, code=codes[k], count=count))
            count += len(index)
        columns = {name: np.concatenate([part[name] for part in parts]) for name in columns}
    atoms = Atoms(cell=cell, pbc=pbc)
    atoms.arrays.update(columns)
    return atoms, molecules


@dataclass(frozen=True, kw_only=True, eq=False)
class _Emitter:
    """Sites and how they are laid into the frame of the model."""

    sites: Sites
    rotation: FloatArray
    shift: FloatArray
    moves: FloatArray | None
    extra: Mapping[str, FloatArray]

    def points(self, index: CodeArray) -> FloatArray:
        """Return where sites are in the model."""
        found = site_positions(self.sites, index, rotation=self.rotation, shift=self.shift)
        if self.moves is not None:
            found += self.moves[index]
        return found


def _ions(emit: _Emitter, chosen: BoolArray | None) -> dict[str, Any]:
    """Return the columns of the ions on chosen sites, on all by default.

    Planes of cells are done one after the other, so that what they need stays in the cache.
    Most planes of a particle choose the same sites as the one before.
    """
    sites, charges = emit.sites, emit.sites.charges
    x, plane = _lines(sites, emit.rotation, emit.shift)
    numbers = np.array([int(entry.numbers[0]) for entry in sites.table], dtype=np.int32)
    columns = _columns(
        emit, sites.species.size if chosen is None else int(np.count_nonzero(chosen))
    )
    given = {
        name: values.reshape(len(x), len(plane), *values.shape[1:])
        for name, values in _site_values(emit).items()
    }
    roles = np.tile(
        sites.block.framework.site.astype(np.int16), len(plane) // sites.region.shape[3]
    )
    start, points, role = 0, plane, roles
    here: Any = slice(None)
    last: Any = None
    for i, step in enumerate(x):
        if chosen is not None:
            now = chosen[i * len(plane) : (i + 1) * len(plane)]
            if last is None or not np.array_equal(now, last):
                here, last = np.flatnonzero(now), now
                points, role = plane.take(here, axis=0), roles[here]
        drawn = sites.species[i].ravel()[here].astype(np.intp)
        part = slice(start, start + len(drawn))
        start = part.stop
        shift_points(points, step, columns["positions"][part])
        np.take(numbers, drawn, out=columns["numbers"][part], mode="clip")
        np.take(charges, drawn, out=columns[labels.CHARGE][part], mode="wrap")
        columns[labels.SITE][part] = role
        for name, values in given.items():
            columns[name][part] = values[i][here]
    if emit.moves is not None:
        columns["positions"] += emit.moves if chosen is None else emit.moves[chosen]
    return columns


def _columns(emit: _Emitter, count: int) -> dict[str, Any]:
    """Return the columns of ions before they are filled."""
    return {
        "numbers": np.empty(count, dtype=np.int32),
        "positions": np.empty((count, 3)),
        labels.CHARGE: np.empty(count),
        labels.MOLECULE: np.zeros(count, dtype=np.int32),
        labels.KIND: np.zeros(count, dtype=np.int16),
        labels.REGION: np.empty(count, dtype=np.int16),
        labels.LAYER: np.empty(count, dtype=np.int16),
        labels.SITE: np.empty(count, dtype=np.int16),
        **{
            name: np.empty((count, *values.shape[1:]), dtype=values.dtype)
            for name, values in emit.extra.items()
        },
    }


def _site_values(emit: _Emitter) -> dict[str, Any]:
    """Return what is given for each site."""
    sites = emit.sites
    return {
        labels.REGION: sites.region.ravel(),
        labels.LAYER: sites.layer.ravel(),
        **emit.extra,
    }


def _copies(emit: _Emitter, k: int, index: CodeArray, *, code: int, count: int) -> dict[str, Any]:
    """Return the columns of one molecular species."""
    entry = emit.sites.table[k]
    n, m = len(entry.numbers), len(index)
    points, shape = emit.points(index), entry.positions @ _rotational_part(emit.rotation)
    return {
        "numbers": np.tile(entry.numbers.astype(np.int32), m),
        "positions": (points[:, None] + shape[None]).reshape(-1, 3),
        labels.CHARGE: np.tile(entry.charges, m),
        labels.MOLECULE: np.repeat(np.arange(count + 1, count + 1 + m, dtype=np.int32), n),
        labels.KIND: np.full(m * n, code, dtype=np.int16),
        **{name: np.repeat(column, n, axis=0) for name, column in _labels(emit, index).items()},
    }


def _rotational_part(matrix: FloatArray) -> FloatArray:
    """Return the rotation of a polar decomposition; a rotation as it is."""
    if np.allclose(matrix @ matrix.T, np.eye(3), rtol=0, atol=1e-12):
        return matrix
    left, _, right = np.linalg.svd(matrix)
    turn: FloatArray = left @ right
    return turn


def _labels(emit: _Emitter, index: CodeArray) -> dict[str, Any]:
    """Return region, layer, role and further columns of sites."""
    roles = emit.sites.block.framework.site.astype(np.int16)
    columns = {name: values[index] for name, values in _site_values(emit).items()}
    for name in (labels.REGION, labels.LAYER):
        columns[name] = columns[name].astype(np.int16)
    return {labels.SITE: roles[index % len(roles)], **columns}


def _kinds(sites: Sites, groups: list[int]) -> tuple[dict[int, int], tuple[Molecule, ...]]:
    """Return the code of each molecular species, and the table of molecules by name."""
    names: dict[str, Molecule] = {}
    for k in groups:
        body = sites.table[k].molecule
        if body is not None:
            names.setdefault(body.name, body)
    order = list(names)
    return {k: order.index(sites.table[k].name) + 1 for k in groups}, tuple(names.values())
