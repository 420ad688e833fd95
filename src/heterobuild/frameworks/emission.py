"""From sites to labelled atoms, in one pass over arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.frameworks.sites import EMPTY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import CodeArray, FloatArray
    from heterobuild.frameworks.sites import Sites
    from heterobuild.model import Molecule


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
    block = sites.block
    nx, ny, nz, units = block.grid
    turn = np.eye(3) if rotation is None else rotation
    cell = block.framework.cell @ turn
    centres = block.framework.centres @ turn + (0.0 if shift is None else shift)
    if index is None:
        points = np.empty((nx, ny, nz, units, 3))
        x, y, z = (
            np.multiply.outer(np.arange(o, o + n, dtype=np.float64), vector)
            for o, n, vector in zip(block.origin, block.cells, cell, strict=True)
        )
        inner = z[:, None] + centres
        for axis in range(3):
            np.add(
                (x[:, None, axis] + y[None, :, axis])[:, :, None, None],
                inner[None, None, ..., axis],
                out=points[..., axis],
            )
        return points.reshape(-1, 3)
    cells, unit = np.divmod(index, units)
    rest, k = np.divmod(cells, nz)
    i, j = np.divmod(rest, ny)
    steps = np.stack([i, j, k], axis=-1) + np.array(block.origin, dtype=np.float64)
    found: FloatArray = steps @ cell + centres[unit]
    return found


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
        Proper rotation from the frame of the crystal into that of the model.
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
    columns = _ions(emit, None if ionic.all() else np.flatnonzero(ionic))
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

    def points(self, index: CodeArray | None) -> FloatArray:
        """Return where sites are in the model."""
        found = site_positions(self.sites, index, rotation=self.rotation, shift=self.shift)
        if self.moves is not None:
            found += self.moves if index is None else self.moves[index]
        return found


def _ions(emit: _Emitter, index: CodeArray | None) -> dict[str, Any]:
    """Return the columns of single ions; without an index, of all sites."""
    sites = emit.sites
    drawn = sites.species.ravel()[_chosen(index)].astype(np.intp)
    numbers = np.array([int(entry.numbers[0]) for entry in sites.table], dtype=np.int32)
    n = len(drawn)
    return {
        "numbers": numbers[drawn],
        "positions": emit.points(index),
        labels.CHARGE: sites.charges[drawn],
        labels.MOLECULE: np.zeros(n, dtype=np.int32),
        labels.KIND: np.zeros(n, dtype=np.int16),
        **_labels(emit, index),
    }


def _copies(emit: _Emitter, k: int, index: CodeArray, *, code: int, count: int) -> dict[str, Any]:
    """Return the columns of one molecular species."""
    entry = emit.sites.table[k]
    n, m = len(entry.numbers), len(index)
    points, shape = emit.points(index), entry.positions @ emit.rotation
    return {
        "numbers": np.tile(entry.numbers.astype(np.int32), m),
        "positions": (points[:, None] + shape[None]).reshape(-1, 3),
        labels.CHARGE: np.tile(entry.charges, m),
        labels.MOLECULE: np.repeat(np.arange(count + 1, count + 1 + m, dtype=np.int32), n),
        labels.KIND: np.full(m * n, code, dtype=np.int16),
        **{name: np.repeat(column, n, axis=0) for name, column in _labels(emit, index).items()},
    }


def _labels(emit: _Emitter, index: CodeArray | None) -> dict[str, Any]:
    """Return region, layer, role and further columns of sites."""
    sites, chosen = emit.sites, _chosen(index)
    roles = sites.block.framework.site.astype(np.int16)
    cells = sites.species.size // len(roles)
    return {
        labels.REGION: sites.region.ravel()[chosen].astype(np.int16),
        labels.LAYER: sites.layer.ravel()[chosen].astype(np.int16),
        labels.SITE: np.tile(roles, cells) if index is None else roles[index % len(roles)],
        **{name: column[chosen] for name, column in emit.extra.items()},
    }


def _chosen(index: CodeArray | None) -> Any:
    """Return what picks sites from a flat array."""
    return slice(None) if index is None else index


def _kinds(sites: Sites, groups: list[int]) -> tuple[dict[int, int], tuple[Molecule, ...]]:
    """Return the code of each molecular species, and the table of molecules by name."""
    names: dict[str, Molecule] = {}
    for k in groups:
        body = sites.table[k].molecule
        if body is not None:
            names.setdefault(body.name, body)
    order = list(names)
    return {k: order.index(sites.table[k].name) + 1 for k in groups}, tuple(names.values())
