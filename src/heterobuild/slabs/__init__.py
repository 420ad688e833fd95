"""Crystal → Slab: faces, terminations, cutting and turning."""

from heterobuild.slabs.cut import cut_slab, slab_from_planes
from heterobuild.slabs.miller import face_indices, is_pseudocubic, miller_label, parse_miller
from heterobuild.slabs.stacking import stack_planes
from heterobuild.slabs.surface_cell import surface_cell
from heterobuild.slabs.terminations import list_terminations
from heterobuild.slabs.turn import turn_slab

__all__ = [
    "cut_slab",
    "face_indices",
    "is_pseudocubic",
    "list_terminations",
    "miller_label",
    "parse_miller",
    "slab_from_planes",
    "stack_planes",
    "surface_cell",
    "turn_slab",
]
