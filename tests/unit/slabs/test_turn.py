from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab, turn_slab
from heterobuild.slabs.cut import planes_between
from heterobuild.slabs.turn import turn_stacking

FACES = [
    ("CsPbBr3_cubic", "001"),
    ("CsPbBr3_cubic", "110"),
    ("CsPbBr3_orthorhombic", "010"),
    ("SiO2_quartz", "101"),
    ("RMBA2PbI4", "001"),
    ("Cs4PbBr6", "111"),
    ("MAPbI3_tetragonal", "112"),
]


def same_modulo_lattice(first: np.ndarray, second: np.ndarray, cell: np.ndarray) -> bool:
    """Whether two sets of points agree up to in-plane lattice vectors, in any order."""
    gaps = (first[:, None] - second[None]) @ np.linalg.inv(cell)
    gaps[..., :2] -= np.rint(gaps[..., :2])
    distance = np.linalg.norm(gaps @ cell, axis=-1)
    return bool((distance.min(axis=0) < 1e-6).all() and (distance.min(axis=1) < 1e-6).all())


@pytest.mark.parametrize(("name", "hkl"), FACES)
def test_turning_is_a_half_turn(name: str, hkl: str) -> None:
    slab = cut_slab(load_crystal(name), hkl, layers=1)
    turned = turn_slab(slab)
    assert np.allclose(pdist(turned.atoms.positions), pdist(slab.atoms.positions))
    change = np.linalg.lstsq(slab.atoms.positions, turned.atoms.positions, rcond=None)[0]
    assert np.linalg.det(change) == pytest.approx(1)
    assert np.linalg.det(turned.atoms.cell) > 0
    assert turned.flipped
    assert turned.miller == tuple(-index for index in slab.miller)
    assert (turned.bottom.formula, turned.top.formula) == (slab.top.formula, slab.bottom.formula)
    assert turned.charge == slab.charge
    assert turned.dipole == pytest.approx(-slab.dipole, abs=1e-5)


@pytest.mark.parametrize(("name", "hkl"), FACES)
def test_turning_twice_gives_the_slab_back(name: str, hkl: str) -> None:
    slab = cut_slab(load_crystal(name), hkl, layers=1)
    twice = turn_slab(turn_slab(slab))
    assert np.allclose(twice.atoms.positions, slab.atoms.positions)
    assert np.allclose(twice.atoms.cell, slab.atoms.cell)
    assert np.array_equal(twice.atoms.arrays["layer"], slab.atoms.arrays["layer"])
    assert not twice.flipped
    assert (twice.bottom, twice.top) == (slab.bottom, slab.top)


@pytest.mark.parametrize(("name", "hkl"), FACES)
def test_turned_slab_is_made_of_the_planes_it_names(name: str, hkl: str) -> None:
    crystal = load_crystal(name)
    turned = turn_slab(cut_slab(crystal, hkl, layers=1))
    ions = ~np.isin(turned.atoms.numbers, (1, 6, 7))
    atoms, _ = planes_between(turned.stacking, turned.first, turned.count)
    kept = ~np.isin(atoms.numbers, (1, 6, 7))
    assert same_modulo_lattice(
        turned.atoms.positions[ions], atoms.positions[kept], turned.stacking.cell
    )


def test_layers_are_counted_from_the_new_bottom() -> None:
    turned = turn_slab(cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2))
    order = np.argsort(turned.atoms.positions[:, 2], kind="stable")
    assert (np.diff(turned.atoms.arrays["layer"][order]) >= 0).all()
    assert set(turned.atoms.arrays["layer"].tolist()) == {1, 2, 3, 4}


def test_turned_stacking_keeps_the_number_of_planes() -> None:
    for name, hkl in FACES:
        crystal = load_crystal(name)
        slab = cut_slab(crystal, hkl, layers=1)
        turned = turn_stacking(slab.stacking)
        assert len(turned.terminations) == len(slab.stacking.terminations)
        assert sorted(p.formula for p in turned.terminations) == sorted(
            p.formula for p in slab.stacking.terminations
        )
