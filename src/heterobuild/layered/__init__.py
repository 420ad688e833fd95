"""Layered phases: sheets of octahedra and spacers stacked along c."""

from __future__ import annotations

from heterobuild.layered.building import build_layered, layered_crystal
from heterobuild.layered.options import LayeredIons, LayeredOptions

__all__ = ["LayeredIons", "LayeredOptions", "build_layered", "layered_crystal"]
