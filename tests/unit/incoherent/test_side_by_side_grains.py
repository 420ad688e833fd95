"""Grains: neutral, at their own lengths, strained along the line only."""

import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.architectures.lateral import Lateral
from heterobuild.compounds import load_crystal
from heterobuild.incoherent.side_by_side_grains import count_layers, make_grain, shifted
from heterobuild.incoherent.side_by_side_standing import standing
from heterobuild.incoherent.side_by_side_windows import GrainSize
from heterobuild.labels import CHARGE, LAYER, MOLECULE, SITE, Site

CUBIC, BA, HEXAGONAL = (load_crystal(name) for name in ("CsPbI3:cubic", "BA2PbI4", "Cs4PbI6"))


def grain(crystal, text="", **size):
    asked = {"repeats": 2, "strain": 0.0, "width": 20.0, "height": 20.0} | size
    return make_grain(
        crystal,
        standing(crystal, text),
        GrainSize(**asked),
        name="a",
        region=1,
        policy="auto",
        cations="random",
        seed=0,
    )


@pytest.mark.parametrize(
    ("crystal", "text"), [(CUBIC, ""), (BA, "[100] (010)"), (HEXAGONAL, ""), (BA, "[001] (010)")]
)
def test_neutral_and_whole(crystal, text):
    made = grain(crystal, text, width=30.0)
    atoms = made.atoms
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0)
    network = atoms[np.isin(atoms.arrays[SITE], (Site.B, Site.X))]
    i, j = neighbor_list("ij", network, 3.6)
    kept = (network.arrays[SITE][i] == Site.B) & (network.arrays[SITE][j] == Site.X)
    assert set(np.bincount(i[kept])[network.arrays[SITE][: i[kept].max() + 1] == Site.B]) == {6}
    ids = atoms.arrays[MOLECULE]
    if ids.any():
        assert set(np.bincount(ids)[1:]) == {len(made.molecules[0].numbers)}
    assert sum(entry.charge for entry in made.ledger) != 0


def test_size_is_from_halide_to_halide():
    made = grain(CUBIC, width=19.0, height=25.0)
    edge = CUBIC.cell[0, 0]
    assert made.size == pytest.approx((3 * edge, 4 * edge))
    assert made.octahedra == 2 * 3 * 4
    halides = made.atoms.positions[made.atoms.numbers == 53]
    assert halides[:, 1:].min(axis=0) == pytest.approx([0, 0], abs=1e-9)


def test_strain_is_along_the_line():
    plain, strained = (grain(CUBIC, strain=value) for value in (0.0, 0.02))
    assert strained.atoms.cell[0, 0] == pytest.approx(1.02 * plain.atoms.cell[0, 0])
    assert strained.size == pytest.approx(plain.size)


def test_layers_count_from_the_junctions():
    made = grain(CUBIC, width=25.0)
    layer = {}
    for left, right in ((True, True), (True, False), (False, True)):
        count_layers(made, left=left, right=right)
        layer[left, right] = made.atoms.arrays[LAYER].copy()
    assert layer[True, False].min() == 1
    assert layer[False, True].max() == -1
    assert (layer[True, False] - layer[False, True] == layer[True, False].max() + 1).all()
    assert set(np.sign(layer[True, True])) == {-1, 1}


def test_shifting_moves_all_atoms():
    made = grain(CUBIC)
    moved = shifted(made, 1.0, 2.0)
    assert np.allclose(moved.atoms.positions - made.atoms.positions, [1, 2, 0])


def test_a_standing_grain_has_hardly_a_dipole_by_its_atoms():
    built = Lateral(
        orientations=("[100] (010)", ""), widths=(28.0, 12.0), layers=(3,), max_strain=0.05
    ).build(BA, CUBIC)
    atoms = built.atoms
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0)
    own = atoms.arrays["region"] == 1
    moment = atoms.arrays[CHARGE][own] @ atoms.positions[own, 2]
    assert abs(moment) < 0.1 * np.count_nonzero(atoms.arrays["site"][own] == Site.B)
