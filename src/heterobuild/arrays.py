"""Names for the array types that stand in signatures; shapes stand in the docstrings."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.int64]
CodeArray: TypeAlias = NDArray[np.integer[Any]]
"""Integers of any width: codes and counts of which there are many."""

BoolArray: TypeAlias = NDArray[np.bool_]
