"""Point defects near an interface, and the two ends of a halide hop across it."""

from heterobuild.defects.adding import add_defects
from heterobuild.defects.hops import halide_hop
from heterobuild.defects.specification import Defect, Hop, parse_defect

__all__ = ["Defect", "Hop", "add_defects", "halide_hop", "parse_defect"]
