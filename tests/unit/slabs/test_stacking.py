from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.slabs.stacking import stack_planes, unit_names

A = 5.874  # Å, CsPbBr3_cubic


def planes(name: str, hkl: str) -> list[str]:
    return [plane.formula for plane in stack_planes(load_crystal(name), hkl).terminations]


# By hand from A (½ ½ ½), B (0 0 0), X (½ 0 0), (0 ½ 0), (0 0 ½): the height of an atom is
# h x + k y + l z modulo 1.
@pytest.mark.parametrize(
    ("hkl", "expected"),
    [
        ("001", ["PbBr2", "CsBr"]),
        ("110", ["CsPbBr", "Br2"]),
        ("111", ["Pb", "CsBr3"]),
        ("210", ["PbBr2", "CsBr"]),
        ("211", ["CsPbBr", "Br2"]),
        ("221", ["PbBr2", "CsBr"]),
        ("1-1-1", ["Pb", "CsBr3"]),
    ],
)
def test_planes_of_cubic_perovskite(hkl: str, expected: list[str]) -> None:
    assert planes("CsPbBr3_cubic", hkl) == expected


def test_planes_count_molecules_as_one_unit() -> None:
    assert planes("MAPbCl3_cubic", "001") == ["PbCl2", "MACl"]


@pytest.mark.parametrize(
    ("hkl", "first", "second", "angle", "rise"),
    [
        ("001", A, A, 90, A),
        ("110", A, A * 2**0.5, 90, A / 2**0.5),
        ("111", A * 2**0.5, A * 2**0.5, 120, A / 3**0.5),
        ("210", A, A * 5**0.5, 90, A / 5**0.5),
        ("211", A * 2**0.5, A * 3**0.5, 90, A / 6**0.5),
    ],
)
def test_surface_cells_of_a_cubic_lattice(
    hkl: str, first: float, second: float, angle: float, rise: float
) -> None:
    cell = stack_planes(load_crystal("CsPbBr3_cubic"), hkl).cell
    lengths = np.linalg.norm(cell[:2], axis=1)
    assert lengths == pytest.approx([first, second])
    cosine = cell[0] @ cell[1] / lengths.prod()
    assert np.degrees(np.arccos(cosine)) == pytest.approx(angle)
    assert cell[2, 2] == pytest.approx(rise)
    assert cell[0, 1:] == pytest.approx(0)
    assert cell[1, 2] == pytest.approx(0)


def test_centring_gives_the_primitive_surface_cell() -> None:
    a = 5.6402  # Å, NaCl
    cell = stack_planes(load_crystal("NaCl"), "001").cell
    assert np.linalg.norm(cell[:2], axis=1) == pytest.approx([a / 2**0.5] * 2, abs=2e-3)
    assert cell[2, 2] == pytest.approx(a / 2, abs=2e-3)


def test_heights_and_charges_of_polar_planes() -> None:
    stacking = stack_planes(load_crystal("CsPbBr3_cubic"), "111")
    area = A * A * 3**0.5
    assert [plane.charge for plane in stacking.terminations] == pytest.approx([2 / area, -2 / area])
    assert [plane.height for plane in stacking.terminations] == pytest.approx(
        [0, A / 3**0.5 / 2], abs=1e-5
    )
    assert stacking.planes_per_layer == 2


def test_turns_of_the_square_and_the_threefold_face() -> None:
    cubic = load_crystal("CsPbBr3_cubic")
    assert [len(stack_planes(cubic, hkl).turns) for hkl in ("001", "110", "111")] == [4, 2, 3]
    assert stack_planes(cubic, "001").turns[0].tolist() == [[1, 0], [0, 1]]


def test_rumpled_planes_of_tilted_octahedra_stay_together() -> None:
    stacking = stack_planes(load_crystal("CsPbBr3_orthorhombic"), "010")
    assert [plane.formula for plane in stacking.terminations] == ["Pb2Br4", "Cs2Br2"] * 2
    assert max(plane.thickness for plane in stacking.terminations) > 0.3
    assert stacking.planes_per_layer == 2


def test_names_of_units() -> None:
    stacking = stack_planes(load_crystal("MAPbCl3_cubic"), "001")
    names = unit_names(stacking.atoms, stacking.unit, stacking.crystal)
    assert sorted(names) == ["Cl", "Cl", "Cl", "MA", "Pb"]
