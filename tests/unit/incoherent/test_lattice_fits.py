"""Misfits of two lattices against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.geometry.rotations import from_axis_angles
from heterobuild.incoherent.lattice_fits import common_cells, incoherent_wall_step, parallel_lengths

CUBE = 5.874 * np.eye(3)


def test_cube_on_cube_has_the_misfit_of_its_edges():
    rows = parallel_lengths(CUBE, 6.289 * np.eye(3))
    assert [row["repeats"] for row in rows] == [[1, 1]] * 3
    assert [row["misfit"] for row in rows] == [pytest.approx(6.289 / 5.874 - 1, abs=1e-6)] * 3


def test_a_turn_by_45_degrees_matches_the_diagonal():
    turn = from_axis_angles(np.array([[0, 0, 1, 45.0]]))[0]
    outer = np.diag([8.2, 8.2, 15.0]) @ turn
    rows = {row["inner"]: row for row in parallel_lengths(CUBE, outer)}
    assert rows["[1 0 0]"]["outer_A"] == pytest.approx(8.2 * 2**0.5, abs=1e-4)
    assert rows["[1 0 0]"]["repeats"] == [2, 1]
    assert rows["[1 0 0]"]["misfit"] == pytest.approx(8.2 * 2**0.5 / (2 * 5.874) - 1, abs=1e-5)
    face = next(row for row in common_cells(CUBE, outer) if row["face"] == "(0 0 1)")
    assert (face["inner_cells"], face["outer_cells"]) == (2, 1)
    assert face["strains"] == [pytest.approx(5.874 * 2**0.5 / 8.2 - 1, abs=1e-5)] * 2


def test_a_turn_about_an_odd_axis_leaves_nothing_parallel():
    turn = from_axis_angles(np.array([[0.31, 0.74, 0.22, 33.0]]))[0]
    assert parallel_lengths(CUBE, CUBE @ turn) == []
    assert common_cells(CUBE, CUBE @ turn) == []


@pytest.mark.parametrize(
    ("outer", "word"), [("CsPbCl3_cubic", "possible"), ("CsPbI3_cubic", "no small repeats")]
)
def test_the_verdict_follows_the_misfit(outer, word):
    crystals = load_crystal("CsPbBr3_cubic"), load_crystal(outer)
    step = incoherent_wall_step(
        ("dot", "matrix"), crystals, (np.eye(3), np.eye(3)), contacts={}, gap="auto", area=123.456
    )
    edges = [crystal.cell[0, 0] for crystal in crystals]
    assert step.values["misfit"] == pytest.approx(edges[1] / edges[0] - 1, abs=1e-6)
    assert word in str(step.values["verdict"])
    assert step.values["coherent"] is False
    assert step.values["area_A2"] == 123.46
    assert step.choice.endswith("1.2 nm²")


def test_faces_and_directions_have_one_sign():
    crystals = load_crystal("CsPbBr3_cubic"), load_crystal("CsPbCl3_cubic")
    step = incoherent_wall_step(
        ("core", "shell"), crystals, (np.eye(3), np.eye(3)), contacts={}, gap="auto", area=1.0
    )
    misfit = 100 * (crystals[1].cell[0, 0] / crystals[0].cell[0, 0] - 1)
    assert misfit < 0
    assert f"[1 0 0]||[1 0 0] {misfit:+.2f} %" in step.choice
    assert f"face (1 0 0): 1 on 1 cells, {misfit:+.2f} to {misfit:+.2f} %" in step.choice
