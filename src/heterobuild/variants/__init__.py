"""The distinct interfaces of two crystals: terminations, matches, faces, shifts."""

from heterobuild.variants.distinct import Variant, distinct_interfaces
from heterobuild.variants.enumeration import Enumeration
from heterobuild.variants.sides import Side

__all__ = ["Enumeration", "Side", "Variant", "distinct_interfaces"]
