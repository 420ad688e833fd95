"""What is said about coherent junctions, against geometry."""

import pytest

from heterobuild.architectures.lateral import Lateral
from heterobuild.compounds import load_crystal

PAIR = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")


def values(built, name):
    return next(step.values for step in built.steps if step.name == name)


def test_two_walls_of_a_periodic_pair():
    built = Lateral(octahedra=(3, 3), layers=(4,), length=5, elastic=False).build(*PAIR)
    wall, edge = values(built, "wall"), built.atoms.cell[0, 0] / 5
    assert wall["line_A"] == pytest.approx(2 * 5 * edge, abs=1e-3)
    assert wall["height_A"] == pytest.approx(4 * edge, abs=1e-3)
    assert wall["area_A2"] == pytest.approx(2 * 5 * 4 * edge**2, abs=0.1)
    assert wall["shared_halides"] == 2 * 5 * 4
    assert wall["misfit"] == pytest.approx(PAIR[1].cell[0, 0] / PAIR[0].cell[0, 0] - 1, abs=1e-6)


def test_one_wall_between_free_faces():
    built = Lateral(octahedra=(3, 3), layers=(2,), length=2, periodic="line").build(*PAIR)
    assert values(built, "wall")["shared_halides"] == 2 * 2
    assert values(built, "junction")["periodic"] == [True, False, False]


def test_walls_of_three_parts():
    third = load_crystal("CsPbCl3:cubic")
    built = Lateral(octahedra=(2, 2, 2), layers=(1,), elastic=False).build(*PAIR, third)
    steps = [step.values for step in built.steps if step.name == "wall"]
    assert [(v["inner"], v["outer"]) for v in steps] == [
        ("part 1", "part 2"),
        ("part 2", "part 3"),
    ]
    # The chloride meets the iodide across the boundary of the cell; both walls are crossed there.
    assert [v["shared_halides"] for v in steps] == [2, 2]


def test_the_walls_of_a_crown_are_its_circumference():
    built = Lateral(
        pattern="core_crown", octahedra=(3, 2), across=5, layers=(1,), elastic=False
    ).build(*PAIR)
    assert values(built, "wall")["shared_halides"] == 2 * (3 + 5)
    assert values(built, "junction")["octahedra"] == {"part 1": 15, "part 2": 7 * 9 - 15}


def test_sheets_are_high_from_halide_to_halide():
    sheets = load_crystal("BA2PbI4"), load_crystal("BA2PbBr4")
    one, two = (
        values(Lateral(octahedra=(2, 2), layers=(n,), elastic=False).build(*sheets), "wall")
        for n in (1, 2)
    )
    assert two["height_A"] == pytest.approx(2 * one["height_A"], rel=0.01)
    assert 5.5 < one["height_A"] < 6.6  # two Pb–X bonds of 2.8 to 3.3 Å
