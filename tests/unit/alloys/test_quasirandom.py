from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from ase import Atoms

from heterobuild.alloys.quasirandom import quasirandom
from heterobuild.errors import MissingExtraError, UsageError

A = 6.0


def cells(repeat):
    steps = np.stack(np.meshgrid(*map(np.arange, repeat), indexing="ij"), axis=-1).reshape(-1, 3)
    return A * steps, Atoms(cell=A * np.array(repeat), pbc=True)


def order(ion, centres, atoms):
    """Return the Warren–Cowley parameter of the first three shells, counted pair by pair."""
    box = np.asarray(atoms.cell)
    images = np.stack(np.meshgrid(*[range(-2, 3)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    found = []
    share = np.mean(ion == 1)
    for shell in (1.0, 2**0.5, 3**0.5):
        unlike = total = 0
        for i, here in enumerate(centres):
            for shift in images @ box:
                distance = np.linalg.norm(centres + shift - here, axis=1)
                near = np.abs(distance - shell * A) < 1e-6
                unlike += int((ion[near] != ion[i]).sum())
                total += int(near.sum())
        found.append(1 - unlike / max(total, 1) / (2 * share * (1 - share)))
    return np.array(found)


def test_correlations_are_nearer_to_random_than_by_lot():
    pytest.importorskip("sqsgenerator")
    centres, atoms = cells((4, 4, 2))
    counts = np.array([24, 8])
    ion = quasirandom(counts, centres, atoms, np.random.default_rng(0))
    assert np.bincount(ion).tolist() == [24, 8]
    found = np.abs(order(ion, centres, atoms))
    generator = np.random.default_rng(1)
    plain = np.repeat([0, 1], counts)
    drawn = [np.abs(order(generator.permutation(plain), centres, atoms)) for _ in range(20)]
    assert found @ [1, 1 / 2, 1 / 3] < min(row @ [1, 1 / 2, 1 / 3] for row in drawn)


def test_the_same_seed_gives_the_same_structure():
    pytest.importorskip("sqsgenerator")
    centres, atoms = cells((2, 2, 5))
    counts = np.array([17, 3])
    first, again, other = (
        quasirandom(counts, centres, atoms, np.random.default_rng(seed)).tolist()
        for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_images_across_a_free_direction_do_not_count():
    pytest.importorskip("sqsgenerator")
    centres, atoms = cells((4, 4, 1))
    atoms.pbc = (True, True, False)
    ion = quasirandom(np.array([8, 8]), centres, atoms, np.random.default_rng(0))
    assert np.bincount(ion).tolist() == [8, 8]
    wide = Atoms(cell=[4 * A, 4 * A, 60.0], pbc=True)
    assert np.abs(order(ion, centres, wide)[:2]).max() < 0.1


def test_large_cells_are_refused():
    centres, atoms = cells((13, 13, 13))
    with pytest.raises(UsageError, match=r"2197 sites.*2000 sites"):
        quasirandom(np.array([1000, 1197]), centres, atoms, np.random.default_rng(0))


def test_without_the_package_the_install_line_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "sqsgenerator", None)
    centres, atoms = cells((2, 2, 2))
    with pytest.raises(MissingExtraError, match=r"heterobuild\[alloy\]"):
        quasirandom(np.array([4, 4]), centres, atoms, np.random.default_rng(0))


def test_nothing_is_written_to_the_screen():
    pytest.importorskip("sqsgenerator")
    code = (
        "import numpy as np\n"
        "from ase import Atoms\n"
        "from heterobuild.alloys.quasirandom import quasirandom\n"
        "steps = np.stack(np.meshgrid(*[range(2)] * 3, indexing='ij'), axis=-1).reshape(-1, 3)\n"
        "atoms = Atoms(cell=12.0 * np.eye(3), pbc=True)\n"
        "rng = np.random.default_rng(0)\n"
        "print(len(quasirandom(np.array([4, 4]), 6.0 * steps, atoms, rng)))\n"
        "import sys; sys.stderr.write('still there')\n"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout == "8\n"
    assert made.stderr == "still there"
