"""Whatever the lattice, orienting cations keeps shapes and centres and cancels dipoles."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.compounds import load_crystal
from heterobuild.crystals.cations import RULES, orient_cations
from heterobuild.labels import repeat, take

NAMES = ("MAPbCl3_cubic", "FAPbBr3_cubic", "MAPbI3_tetragonal")


@st.composite
def pieces(draw):
    crystal = load_crystal(draw(st.sampled_from(NAMES)))
    counts = [draw(st.integers(1, 3)) for _ in range(3)]
    grid = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), axis=-1).reshape(-1, 3)
    atoms = repeat(crystal.atoms, grid @ crystal.cell, crystal.cell * np.array(counts)[:, None])
    most = atoms.arrays["molecule"].max()
    kept = draw(st.integers(1, int(most)))
    atoms = take(atoms, np.flatnonzero(atoms.arrays["molecule"] <= kept))
    atoms.pbc = [draw(st.booleans()) for _ in range(3)]
    quaternion = np.array([draw(st.floats(-1, 1)) for _ in range(4)])
    quaternion[0] += 1.01
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    atoms.set_cell(atoms.cell.array @ rotation, scale_atoms=False)
    atoms.positions = atoms.positions @ rotation
    return crystal, atoms, rotation


@settings(max_examples=40, deadline=None)
@given(piece=pieces(), rule=st.sampled_from(RULES), seed=st.integers(0, 2**32))
def test_shapes_and_centres_stay(piece, rule, seed):
    crystal, atoms, rotation = piece
    turned, step = orient_cations(
        atoms,
        crystal.molecules,
        placed=crystal.placed,
        rule=rule,
        axes=rotation,
        rng=np.random.default_rng(seed),
    )
    body = crystal.molecules[0]
    size, ids = len(body.numbers), atoms.arrays["molecule"]
    before = atoms.positions[ids > 0].reshape(-1, size, 3)
    after = turned.positions[ids > 0].reshape(-1, size, 3)
    heavy = body.numbers != 1
    np.testing.assert_allclose(
        after[:, heavy].mean(axis=1), before[:, heavy].mean(axis=1), atol=1e-8
    )
    gram_before = np.linalg.norm(before[:, :, None] - before[:, None], axis=3)
    gram_after = np.linalg.norm(after[:, :, None] - after[:, None], axis=3)
    np.testing.assert_allclose(gram_after, gram_before, atol=1e-8)
    np.testing.assert_array_equal(turned.positions[ids == 0], atoms.positions[ids == 0])
    assert sum(step.values[body.name]["directions"].values()) == len(after)


@settings(max_examples=40, deadline=None)
@given(piece=pieces(), seed=st.integers(0, 2**32))
def test_directions_cancel_unless_there_is_one_cation(piece, seed):
    crystal, atoms, rotation = piece
    turned, _ = orient_cations(
        atoms,
        crystal.molecules,
        placed=crystal.placed,
        rule="dipole-cancelled",
        axes=rotation,
        rng=np.random.default_rng(seed),
    )
    carbon, nitrogen = atoms.numbers == 6, atoms.numbers == 7
    count = int(carbon.sum())
    total = turned.positions[nitrogen].reshape(count, -1, 3).mean(axis=1)
    total = (total - turned.positions[carbon]).sum(axis=0)
    if count > 1:
        np.testing.assert_allclose(total, 0, atol=1e-8)
    else:
        assert np.linalg.norm(total) > 0.5
