"""Crystals: the library of phases, the user's own files, and the orientation of cations."""

from __future__ import annotations

from heterobuild.crystals.cations import orient_cations, pseudocubic_directions
from heterobuild.crystals.library import (
    CrystalEntry,
    crystal_data_file,
    list_crystals,
    load_phase,
)

__all__ = [
    "CrystalEntry",
    "crystal_data_file",
    "list_crystals",
    "load_phase",
    "orient_cations",
    "pseudocubic_directions",
]
