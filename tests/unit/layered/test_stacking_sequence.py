"""Stacks of sheets: heights, shifts, closure, and gaps that repeat."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.layered.sheets import Sheet, make_sheet
from heterobuild.layered.stacking_sequence import Interlayer, stack_sheets

GAP = 7.0


class Fill:
    """Record what is asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int, list[float]]] = []

    def __call__(self, lower: Sheet, upper: Sheet, shift: np.ndarray) -> Interlayer:
        self.calls.append((lower.layers, upper.layers, shift.tolist()))
        return Interlayer(
            numbers=np.zeros(0, dtype=np.int64), positions=np.zeros((0, 3)), distance=GAP
        )


def sheets(*layers: int, rotation: float = 10.0) -> list[Sheet]:
    return [make_sheet("Pb", "I", n, length=6.2, bond=3.18, rotation=rotation) for n in layers]


def test_a_straight_stack_has_one_sheet() -> None:
    fill = Fill()
    stack = stack_sheets(sheets(2), (0.0, 0.0), fill)
    assert len(stack.sheets) == len(fill.calls) == 1
    assert stack.cell[2].tolist() == pytest.approx([0, 0, 4 * 3.18 + GAP])


def test_half_a_square_needs_two_sheets_and_one_filling() -> None:
    fill = Fill()
    stack = stack_sheets(sheets(1), (0.5, 0.5), fill)
    assert len(stack.sheets) == 2
    assert len(fill.calls) == 1
    assert stack.cell[2, 2] == pytest.approx(2 * (2 * 3.18 + GAP))
    step = stack.origins[1] - stack.origins[0]
    assert step[:2] == pytest.approx(stack.sheets[0].square.sum(axis=0) / 2)
    assert step[2] == pytest.approx(2 * 3.18 + GAP)
    assert stack.interlayers[0] is stack.interlayers[1]


def test_half_an_edge_is_packed_twice_where_octahedra_turn() -> None:
    turned, straight = Fill(), Fill()
    stack_sheets(sheets(1), (0.5, 0.0), turned)
    edge = sheets(1)[0].square[0] / 2
    assert [call[2] for call in turned.calls] == [
        pytest.approx(edge.tolist()),
        pytest.approx((-edge).tolist()),
    ]
    plain = [make_sheet("Pb", "I", 1, length=6.3, bond=3.15, rotation=0.0, smallest=True)]
    stack_sheets(plain, (0.5, 0.0), straight)
    assert len(straight.calls) == 1


def test_sheets_of_different_thickness() -> None:
    fill = Fill()
    stack = stack_sheets(sheets(1, 2), (0.5, 0.5), fill)
    assert [sheet.layers for sheet in stack.sheets] == [1, 2]
    assert stack.cell[2, 2] == pytest.approx(6 * 3.18 + 2 * GAP)
    tops = stack.floors[:, 2]
    lowest = stack.origins[:, 2] - [3.18, 2 * 3.18]
    assert np.append(lowest[1:], lowest[0] + stack.cell[2, 2]) - tops == pytest.approx([GAP, GAP])
    three = stack_sheets(sheets(1, 2, 2), (0.5, 0.5), Fill())
    assert [sheet.layers for sheet in three.sheets] == [1, 2, 2, 1, 2, 2]


def test_floors_lie_on_the_upper_halides() -> None:
    stack = stack_sheets(sheets(3), (0.5, 0.5), Fill())
    for sheet, origin, floor in zip(stack.sheets, stack.origins, stack.floors, strict=True):
        assert floor[:2] == pytest.approx(origin[:2])
        assert floor[2] == pytest.approx(origin[2] + sheet.terminals_top[:, 2].mean())
