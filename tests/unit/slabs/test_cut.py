from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.chemistry.formulas import expand_formula
from heterobuild.compounds import load_crystal
from heterobuild.crystals import load_phase
from heterobuild.errors import MissingAtomsError, UnknownNameError, UsageError
from heterobuild.slabs import cut_slab, slab_from_planes, stack_planes

A = 5.874  # Å, CsPbBr3_cubic


# Closed forms for n = 6 layers on one surface cell: both AX, stoichiometric, both BX2.
@pytest.mark.parametrize(
    ("bottom", "top", "formula", "charge"),
    [
        ("CsBr", "CsBr", "Cs7Pb6Br19", 0),
        ("CsBr", "PbBr2", "Cs6Pb6Br18", 0),
        ("PbBr2", "CsBr", "Cs6Pb6Br18", 0),
        ("PbBr2", "PbBr2", "Cs6Pb7Br20", 0),
    ],
)
def test_six_layers_of_the_001_face(bottom: str, top: str, formula: str, charge: float) -> None:
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=6, bottom=bottom, top=top)
    assert dict(slab.atoms.symbols.formula.count()) == expand_formula(formula)
    assert slab.charge == charge
    assert (slab.bottom.formula, slab.top.formula) == (bottom, top)


# One more plane than whole layers adds that plane's charge: CsPbBr +2, Br2 −2, Pb +2, CsBr3 −2.
@pytest.mark.parametrize(
    ("hkl", "planes", "charges"),
    [
        ("001", ("PbBr2", "CsBr"), (0, 0)),
        ("110", ("CsPbBr", "Br2"), (2, -2)),
        ("111", ("Pb", "CsBr3"), (2, -2)),
        ("210", ("PbBr2", "CsBr"), (0, 0)),
        ("211", ("CsPbBr", "Br2"), (2, -2)),
    ],
)
@pytest.mark.parametrize("layers", [1, 3])
def test_every_pair_of_terminations(
    hkl: str, planes: tuple[str, str], charges: tuple[int, int], layers: int
) -> None:
    crystal = load_crystal("CsPbBr3_cubic")
    for bottom, top in product(range(2), repeat=2):
        slab = cut_slab(crystal, hkl, layers=layers, bottom=planes[bottom], top=planes[top])
        whole = {"Cs": layers, "Pb": layers, "Br": 3 * layers}
        if bottom == top:
            extra = expand_formula(planes[bottom])
            whole = {symbol: n + extra.get(symbol, 0) for symbol, n in whole.items()}
        assert dict(slab.atoms.symbols.formula.count()) == whole
        assert slab.charge == (charges[bottom] if bottom == top else 0)
        assert (slab.bottom.formula, slab.top.formula) == (planes[bottom], planes[top])
        heights = slab.atoms.positions[:, 2]
        ends = [slab.atoms[np.abs(heights - edge) < 0.1] for edge in (heights.min(), heights.max())]
        for end, formula in zip(ends, (planes[bottom], planes[top]), strict=True):
            assert dict(end.symbols.formula.count()) == expand_formula(formula)


def test_index_and_formula_name_the_same_slab() -> None:
    crystal = load_crystal("CsPbBr3_cubic")
    by_name = cut_slab(crystal, "001", layers=2, bottom="CsBr", top="PbBr2")
    by_index = cut_slab(crystal, [0, 0, 1], layers=2, bottom=1, top=0)
    assert np.array_equal(by_name.atoms.positions, by_index.atoms.positions)


@pytest.mark.parametrize(("thickness", "count"), [(0.1, 3), (A, 3), (A + 0.01, 5), (20.0, 9)])
def test_thickness_is_the_least_height_between_the_outer_planes(
    thickness: float, count: int
) -> None:
    slab = cut_slab(
        load_crystal("CsPbBr3_cubic"), "001", thickness=thickness, bottom="CsBr", top="CsBr"
    )
    assert slab.count == count
    assert np.ptp(slab.atoms.positions[:, 2]) == pytest.approx((count - 1) * A / 2)


def test_six_layers_are_the_default() -> None:
    assert cut_slab(load_crystal("CsPbBr3_cubic"), "001").count == 12


def test_symmetric_slabs_read_the_same_from_both_sides() -> None:
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "111", layers=2, symmetric=True)
    assert slab.bottom == slab.top
    assert slab.dipole == pytest.approx(0, abs=1e-6)
    assert slab.charge == -2


def test_symmetric_slab_between_planes_of_one_formula() -> None:
    """Fluorite (111) ends with fluorine on both sides, though these planes are not equivalent."""
    slab = cut_slab(load_crystal("CaF2"), "111", layers=3, bottom=2, symmetric=True)
    assert dict(slab.atoms.symbols.formula.count()) == {"Ca": 3, "F": 6}
    assert (slab.bottom.formula, slab.top.formula) == ("F", "F")
    assert slab.dipole == pytest.approx(0, abs=1e-4)


def test_a_polar_axis_refuses_symmetric_slabs() -> None:
    with pytest.raises(UsageError, match="no symmetric slab"):
        cut_slab(load_crystal("GaN"), "001", layers=2, bottom="Ga", symmetric=True)


def test_dipole_of_a_polar_slab() -> None:
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "111", layers=2, bottom="Pb", top="CsBr3")
    spacing = A / 3**0.5 / 2
    # Charges +2 −2 +2 −2 at 0, 1, 2, 3 spacings.
    assert slab.dipole == pytest.approx(-4 * spacing, abs=1e-4)


def test_planes_are_counted_from_the_bottom() -> None:
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, bottom="CsBr", top="CsBr")
    layer, height = slab.atoms.arrays["layer"], slab.atoms.positions[:, 2]
    assert sorted(set(layer.tolist())) == [1, 2, 3, 4, 5]
    assert np.allclose(height - height.min(), (layer - 1) * A / 2)


def test_any_consecutive_planes() -> None:
    stacking = stack_planes(load_crystal("CsPbBr3_cubic"), "001")
    slab = slab_from_planes(stacking, -3, 4)
    assert len(slab.atoms) == 10
    assert slab.atoms.positions[:, 2].min() == pytest.approx(-3 * A / 2)
    assert slab.bottom.formula == "CsBr"
    assert slab.top.formula == "PbBr2"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": 0}, "at least one layer"),
        ({"layers": -2}, "at least one layer"),
        ({"layers": 2, "thickness": 10.0}, "not both"),
        ({"thickness": 0.0}, "positive"),
        ({"thickness": float("nan")}, "positive"),
        ({"thickness": float("inf")}, "positive"),
        ({"layers": 2, "bottom": "CsCl"}, "0: PbBr2; 1: CsBr"),
        ({"layers": 2, "top": 7}, "0: PbBr2; 1: CsBr"),
        ({"layers": 2, "top": "CsBr", "symmetric": True}, "symmetric fixes the top"),
    ],
)
def test_what_cannot_be_cut(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        cut_slab(load_crystal("CsPbBr3_cubic"), "001", **options)  # type: ignore[arg-type]


def test_other_refusals() -> None:
    with pytest.raises(MissingAtomsError):
        cut_slab(load_phase("BA2PbI4"), "001", layers=1)
    with pytest.raises(UnknownNameError, match="dipole-cancelled"):
        cut_slab(load_crystal("MAPbCl3_cubic"), "001", layers=1, cations="cancelled")


def test_the_same_seed_gives_the_same_atoms() -> None:
    crystal = load_crystal("MAPbCl3_cubic")
    slabs = [
        cut_slab(crystal, "001", layers=3, cations="random", seed=seed).atoms.positions
        for seed in (3, 3, 4)
    ]
    assert np.array_equal(slabs[0], slabs[1])
    assert not np.allclose(slabs[0], slabs[2])
