import numpy as np
import pytest

from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.incoherent.grains_layout import grain_layout, upright_edges

CELL = np.diag([80.0, 70.0, 90.0])


@pytest.mark.parametrize("kind", ["grains", "bicontinuous", "inclusions"])
def test_grains_stay_when_shares_change(kind):
    morphology = Morphology(kind=kind, length=20.0, spectrum="smooth", count=6, spread=None)
    layout = grain_layout(morphology, CELL, [0.3, 0.7], seed=1)
    before, after = layout([0.3, 0.7]), layout([0.35, 0.65])
    assert len(before.places) == len(after.places)
    for first, second in zip(before.places, after.places, strict=True):
        assert first.centre.tolist() == second.centre.tolist()
        assert first.phase == second.phase
    shares = [np.mean(found.codes == 1) for found in (before, after)]
    assert shares == pytest.approx([0.3, 0.35], abs=0.006)


def test_edges():
    crystal = load_crystal("CsPbBr3")
    cell = crystal.cell
    nothing = np.zeros(3)
    found = upright_edges(crystal, cells=(4, 4, 2), box=None, around=nothing)
    # The cell holds four octahedra; its pseudo-cubic axes are at right angles within 1 degree.
    assert np.prod(found) == pytest.approx(32 * np.linalg.det(cell) / 4, rel=1e-3)
    assert found[0] == pytest.approx(2 * found[2], rel=0.03)
    rich = load_crystal("Cs4PbBr6")
    found = upright_edges(rich, cells=2, box=None, around=nothing)
    assert found == pytest.approx(2 * np.linalg.norm(rich.cell, axis=1))
    assert upright_edges(crystal, cells=None, box="6 nm", around=nothing).tolist() == [60.0] * 3
    assert upright_edges(crystal, cells=None, box=None, around=CELL[0]).tolist() == [80, 0, 0]
    with pytest.raises(UsageError, match=r"out of range, in box"):
        upright_edges(crystal, cells=None, box=-4.0, around=nothing)
