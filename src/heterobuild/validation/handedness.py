"""Whether the cell is right-handed and encloses a volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.model import Finding

if TYPE_CHECKING:
    from heterobuild.validation.view import View

_FLAT = 1e-6


def check_handedness(structure: View) -> tuple[Finding, ...]:
    """Require a cell whose vectors have a positive triple product.

    Programs that want a right-handed box, such as LAMMPS, turn a left-handed one into its
    mirror image, and with it every chiral crystal and molecule.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        One finding; its value is the signed volume in Å³.
    """
    volume = float(np.linalg.det(structure.cell))
    if volume > _FLAT:
        message = "the cell is right-handed"
    elif volume < -_FLAT:
        message = "the cell is left-handed: reverse one vector and its fractional coordinates"
    else:
        message = "the cell encloses no volume"
    return (
        Finding(
            check="handedness",
            level="info" if volume > _FLAT else "error",
            message=message,
            value=volume,
            limit=0.0,
            unit="Å³",
        ),
    )
