"""Pairs of strained parts on their common cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heterobuild.assembly.common_cell import onto_common_cell, reference_stretch
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.common_superlattice import single_cell
from heterobuild.slabs import cut_slab

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.assembly.part import Part
    from heterobuild.model import FloatArray


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
