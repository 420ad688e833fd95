import numpy as np
import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.assembly.filling import Frame, fill_cell
from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab
from heterobuild.validation import check


@pytest.fixture
def slab():
    return cut_slab(load_crystal("MAPbCl3_cubic"), "001", layers=2, cations="dipole-cancelled")


def fill(slab, repeats, seed=0):
    frame = Frame(cell=5.68 * np.eye(2), repeats=repeats, seed=seed)
    return fill_cell(
        "substrate",
        slab,
        frame,
        deformation=np.eye(3),
        rotation=np.eye(3),
        cells=np.zeros((1, 3)),
    )


def test_copies_fill_the_whole_cell(slab):
    one, _ = fill(slab, (1, 1))
    many, step = fill(slab, (2, 3))
    assert len(many) == 6 * len(one)
    assert len(np.unique(many.arrays["molecule"])) == 6 * 2 + 1
    assert step.values["substrate"]["MA"]["count"] == 12
    lead = many.positions[many.numbers == 82]
    steps = np.unique(np.round(lead[:, :2] / 5.68, 6), axis=0)
    assert steps.tolist() == [[i, j] for i in range(2) for j in range(3)]


def test_dipoles_cancel_over_the_whole_cell(slab):
    _, step = fill(slab, (3, 3))
    np.testing.assert_allclose(step.values["substrate"]["MA"]["net_axis_after"], 0, atol=1e-9)


def test_crystals_without_molecules_have_no_step():
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1)
    assert fill(slab, (1, 1))[1] is None


@pytest.mark.parametrize("seed", range(6))
def test_molecules_turned_at_random_never_overlap_across_the_interface(seed):
    film = cut_slab(
        load_crystal("MAPbI3_cubic"), "001", layers=2, bottom="MAI", cations="random", seed=seed
    )
    substrate = cut_slab(
        load_crystal("FAPbI3_alpha"), "001", layers=2, top="FAI", cations="random", seed=seed
    )
    built = Vertical(repeat=(2, 2)).build(film, substrate, seed=seed)
    across = [f for f in check(built).findings if f.check == "contacts across interface"]
    assert across
    assert all(finding.level == "info" for finding in across)
