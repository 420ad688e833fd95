"""Crystals: the library of phases, the user's own files, and the orientation of cations."""

from __future__ import annotations

from heterobuild.crystals.cations import orient_cations, pseudocubic_directions
from heterobuild.crystals.library import (
    CrystalEntry,
    crystal_data_file,
    list_crystals,
    load_crystal,
)

__all__ = [
    "CrystalEntry",
    "crystal_data_file",
    "list_crystals",
    "load_crystal",
    "orient_cations",
    "pseudocubic_directions",
]
