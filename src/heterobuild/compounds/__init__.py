"""Compounds: a crystal by its name, path or formula."""

from __future__ import annotations

from heterobuild.compounds.loading import load_crystal

__all__ = ["load_crystal"]
