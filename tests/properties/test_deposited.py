"""Whatever the array and the turn: neutral, nothing too near, nothing strained."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.architectures.deposited import Deposited
from heterobuild.compounds import load_crystal
from heterobuild.incoherent.touching import kinds_of, touching
from heterobuild.particles.options import ParticleShape
from heterobuild.slabs import cut_slab
from heterobuild.validation import check

DOT = load_crystal("CsPbBr3_cubic")
FILM = cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=1)


@settings(deadline=None, max_examples=20)
@given(
    arrangement=st.sampled_from(["square", "hexagonal", "random"]),
    count=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    turn=st.floats(-180, 180),
    orientation=st.sampled_from(["aligned", "random", "tumbled"]),
    spacing=st.floats(0, 10),
    facet=st.sampled_from([None, (1, 0, 0), (1, 1, 0), (1, 1, 1)]),
    below=st.sampled_from(["film", "particles"]),
    seed=st.integers(0, 1000),
)
def test_any_array(*, arrangement, count, turn, orientation, spacing, facet, below, seed):
    built = Deposited(
        shape=ParticleShape(octahedra=2),
        arrangement=arrangement,
        count=count,
        turn=turn if orientation == "aligned" else 0.0,
        orientation=orientation,
        spacing=spacing,
        facet=facet,
        below=below,
    ).build(DOT, FILM, seed=seed)
    atoms = built.atoms
    assert not [f.message for f in check(built).findings if f.level == "error"]
    assert abs(atoms.arrays["formal_charge"].sum()) < 1e-9
    names = {region.name: region.code for region in built.regions}
    assert names == ({"film": 1, "particle": 2} if below == "film" else {"particle": 1, "film": 2})
    # the film repeated over its neighbours, so that every image that can touch is there
    sheet = atoms[atoms.arrays["region"] == names["film"]]
    dots = atoms[atoms.arrays["region"] == names["particle"]]
    steps = np.array([[i, j, 0] for i in range(-2, 3) for j in range(-2, 3)]) @ np.asarray(
        atoms.cell
    )
    sheet.wrap()
    dots.positions -= np.floor(dots.positions.mean(axis=0) @ np.linalg.inv(atoms.cell)) @ atoms.cell
    slack = []
    for step in steps:
        moved = sheet.copy()
        moved.positions += step
        slack.append(_slack(moved, dots))
    assert abs(min(slack)) < 1e-6
    told = next(step.values for step in built.steps if step.name == "array")
    assert told["spacing_A"] is None or told["spacing_A"] >= spacing - 0.011


def _slack(film, dots):
    """Return by how much the nearest atoms are farther than they may be."""
    (ours, own), (theirs, other) = kinds_of(film), kinds_of(dots)
    limit = np.array([[touching(a, b) for b in theirs] for a in ours])[own][:, other]
    away = np.linalg.norm(film.positions[:, None] - dots.positions, axis=2)
    return float((away - limit).min())
