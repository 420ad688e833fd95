"""Full bilayers of spacers between a layered film and a capped perovskite, against crystals.

Measured layer spacings: PEA2PbBr4 16.665 Å (10.1107/S160053680903712X), BA2PbI4 27.6014/2 Å
(Billing and Lemmerer 2007, Acta Cryst. B 63, 735), BA2PbBr4 27.59/2 Å.
"""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab
from heterobuild.slabs.caps import cap_slab


@pytest.mark.parametrize(
    ("film", "base", "spacer", "spacing"),
    [
        ("PEA2PbBr4", "CsPbBr3_cubic", "PEA", 16.665),
        ("BA2PbBr4", "CsPbBr3_cubic", "BA", 27.59 / 2),
        ("BA2PbI4", "CsPbI3_alpha", "BA", 27.6014 / 2),
    ],
)
def test_metal_planes_are_as_far_apart_as_in_the_layered_crystal(film, base, spacer, spacing):
    layered = cut_slab(load_crystal(film), "001", layers=1, bottom=3)
    capped = cap_slab(
        cut_slab(load_crystal(base), "001pc", layers=1, symmetric=True), top={spacer: 1.0}
    )
    built = Vertical(limits=MatchLimits(max_strain=0.06, max_area=200)).build(layered, capped)
    region, metal = built.atoms.arrays["region"], built.atoms.numbers == 82
    height = built.atoms.positions[:, 2]
    reached = height[metal & (region == 2)].min() - height[metal & (region == 1)].max()
    assert reached == pytest.approx(spacing, rel=0.035)
    nitrogen = built.atoms.numbers == 7
    between = (height > height[metal & (region == 1)].max()) & (
        height < height[metal & (region == 2)].min()
    )
    area = abs(np.linalg.det(np.asarray(built.atoms.cell)[:2, :2]))
    squares = round(area / float(load_crystal(base).cell[0, 0]) ** 2)
    assert (nitrogen & between).sum() == 2 * squares
