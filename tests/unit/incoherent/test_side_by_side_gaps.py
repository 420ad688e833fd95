"""How near grains come, against a search by brute force."""

import numpy as np
import pytest
from ase import Atoms

from heterobuild.incoherent.side_by_side_gaps import least_offset, trial_shifts
from heterobuild.incoherent.touching import kinds_of, touching
from heterobuild.labels import label

LENGTH = 12.0


def ions(symbols, positions, charges):
    n = len(charges)
    zero = np.zeros(n, dtype=int)
    atoms = Atoms(symbols, positions=positions, cell=[LENGTH, 0, 0], pbc=(True, False, False))
    return label(atoms, site=zero + 3, molecule=zero, kind=zero, charge=np.array(charges))


def too_near(left, right, step, gap):
    """Tell whether any pair is nearer than it may be, over images along x."""
    ours, ours_of = kinds_of(left)
    theirs, theirs_of = kinds_of(right)
    for p, a in zip(left.positions, ours_of, strict=True):
        for q, b in zip(right.positions + [0, step, 0], theirs_of, strict=True):
            away = q - p
            away[0] -= np.rint(away[0] / LENGTH) * LENGTH
            if np.linalg.norm(away) < max(touching(ours[a], theirs[b]), gap) - 1e-9:
                return True
    return False


@pytest.mark.parametrize("gap", [0.0, 4.5])
@pytest.mark.parametrize("seed", range(4))
def test_the_least_step_that_touches(seed, gap):
    rng = np.random.default_rng(seed)
    sets = []
    for low in (0, 8):
        places = rng.uniform((-20, low, 0), (20, low + 8, 10), size=(12, 3))
        sets.append(ions("CsBrBr" * 4, places, [1.0, -1.0, -1.0] * 4))
    found = least_offset(*sets, LENGTH, gap=gap)
    assert not too_near(*sets, found, gap)
    assert too_near(*sets, found - 1e-3, gap)


def test_two_ions_face_to_face():
    left, right = (ions("Br", [[x, 0.0, 1.0]], [-1.0]) for x in (0.0, 12.0))
    kind = kinds_of(left)[0][0]
    assert least_offset(left, right, LENGTH, gap=0.0) == pytest.approx(touching(kind, kind))
    high = ions("Br", [[0.0, 0.0, 50.0]], [-1.0])
    assert least_offset(left, high, LENGTH, gap=0.0) == -np.inf


def test_shifts_fill_a_period():
    shifts = trial_shifts(6.0)
    assert shifts[0] == 0
    assert np.allclose(np.diff(shifts), np.diff([*shifts, 6.0])[-1])
