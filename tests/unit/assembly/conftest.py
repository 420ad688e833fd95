"""Pairs of strained parts on their common cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.assembly.cap_faces import BarePart
from heterobuild.assembly.common_cell import onto_common_cell, reference_stretch
from heterobuild.compounds import load_crystal
from heterobuild.geometry.lattice_plane import coset_points
from heterobuild.labels import repeat
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.common_superlattice import single_cell
from heterobuild.slabs import cut_slab
from heterobuild.slabs.caps import cap_slab

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.model import Slab


@pytest.fixture
def bring() -> Callable[..., tuple[Part, Part, FloatArray]]:
    """Return film, substrate and common cell of two faces and their facing planes."""

    def parts(
        film: tuple[str, str, str | int | None],
        substrate: tuple[str, str, str | int | None],
        *,
        share: float = 1.0,
        strain: float = 0.07,
        layers: int = 2,
    ) -> tuple[Part, Part, FloatArray]:
        ours = cut_slab(load_crystal(film[0]), film[1], layers=layers, bottom=film[2])
        theirs = cut_slab(load_crystal(substrate[0]), substrate[1], layers=layers, top=substrate[2])
        match = find_matches(ours, theirs, MatchLimits(max_strain=strain, max_area=200))[0]
        common = single_cell(match)
        stretch = reference_stretch(common, [ours], theirs, share=share)
        made, frame = onto_common_cell(
            common, {"film": ours}, ("substrate", theirs), stretch=stretch
        )
        return made["film"], made["substrate"], frame.cell

    return parts


@pytest.fixture(scope="session")
def bare() -> Callable[..., BarePart]:
    """Return a slab of a library crystal, repeated over a supercell, before it gets its caps."""

    def part(
        crystal: str,
        supercell: list[list[int]],
        *,
        layers: int = 2,
        symmetric: bool = True,
        miller: str = "001pc",
        top: dict[str, float] | None = None,
        bottom: dict[str, float] | None = None,
        coverage: float = 1.0,
    ) -> BarePart:
        slab = cut_slab(load_crystal(crystal), miller, layers=layers, symmetric=symmetric)
        slab = cap_slab(slab, top=top, bottom=bottom, coverage=coverage)
        rows, vectors = np.array(supercell), slab.stacking.cell[:2]
        cell = np.diag([0.0, 0.0, 100.0])
        cell[:2] = rows @ vectors
        atoms = repeat(slab.atoms, coset_points(rows) @ vectors, cell)
        return BarePart(
            name="film",
            slab=slab,
            atoms=atoms,
            molecules=slab.crystal.molecules,
            whole=cell[:2, :2],
            seed=3,
            upright=True,
        )

    return part


@pytest.fixture(scope="session")
def facing() -> Callable[..., tuple[Part, Part, Frame]]:
    """Return a capped substrate, a film on it, and the cell that they share."""

    def parts(
        film: Slab, substrate: Slab, *, strain: float = 0.05, repeats: tuple[int, int] = (1, 1)
    ) -> tuple[Part, Part, Frame]:
        match = find_matches(film, substrate, MatchLimits(max_strain=strain, max_area=200))[0]
        common = single_cell(match)
        stretch = reference_stretch(common, [film], substrate, share=1.0)
        made, frame = onto_common_cell(
            common, {"film": film}, ("substrate", substrate), stretch=stretch, repeats=repeats
        )
        return made["substrate"], made["film"], frame

    return parts
