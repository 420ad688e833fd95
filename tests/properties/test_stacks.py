"""Properties of stacks of slabs that hold for any sequence."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.architectures.multilayer import Multilayer
from heterobuild.compounds import load_crystal
from heterobuild.labels import REGION
from heterobuild.matching import MatchLimits
from heterobuild.model import Slab
from heterobuild.slabs import cut_slab
from heterobuild.validation import check

CRYSTALS = ("CsPbBr3_cubic", "CsPbCl3_cubic", "CsSnBr3_cubic", "graphene")
LIMITS = MatchLimits(max_strain=0.08, max_area=250)


@cache
def slab(name: str, layers: int) -> Slab:
    return cut_slab(load_crystal(name), "001", layers=1 if name == "graphene" else layers)


stacks = st.lists(
    st.tuples(st.sampled_from(CRYSTALS), st.integers(1, 2)), min_size=2, max_size=4
).filter(lambda parts: sum(name == "graphene" for name, _ in parts) < 2)


@given(parts=stacks, periodic=st.sampled_from(["slab", "superlattice"]))
@settings(max_examples=15, deadline=None)
def test_stacks_hold_what_their_parts_hold(parts: list[tuple[str, int]], periodic: str) -> None:
    slabs = [slab(name, layers) for name, layers in parts]
    stack = Multilayer(limits=LIMITS, periodic=periodic)  # type: ignore[arg-type]
    built = stack.build(*slabs)
    atoms = built.atoms
    area = np.linalg.norm(np.cross(*atoms.cell[:2]))
    expected: Counter[int] = Counter()
    for code, part in enumerate(slabs, 1):
        own = np.linalg.det(part.stacking.cell[:2, :2])
        strained = abs(np.linalg.det(np.eye(2) + built.regions[code - 1].strain[:2, :2]))
        # Whole surface cells of each part fill the common cell.
        copies = area / (own * strained)
        assert abs(copies - round(copies)) < 0.02 * copies
        counts = Counter({z: n * round(copies) for z, n in Counter(part.atoms.numbers).items()})
        assert Counter(atoms.numbers[atoms.arrays[REGION] == code]) == counts
        expected += counts
    assert Counter(atoms.numbers) == expected
    assert np.linalg.det(atoms.cell) > 0
    assert not [entry for entry in check(built).findings if entry.level == "error"]
    order = [atoms.positions[atoms.arrays[REGION] == code, 2] for code in range(1, len(slabs) + 1)]
    assert all(low.max() < high.min() for low, high in pairwise(order))
