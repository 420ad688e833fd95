from __future__ import annotations

import numpy as np
import pytest

from heterobuild import find_matches
from heterobuild.errors import UsageError
from heterobuild.screening.face_misfits import RULE, face_misfit, match_misfits
from heterobuild.screening.measured_crystals import load_measured


def on(film, substrate, *faces, **options):
    return face_misfit(load_measured(film), load_measured(substrate), *faces, **options)


def test_cube_on_cube():
    found = on("CsPbBr3_cubic", "MAPbCl3_cubic")
    assert found.misfits == pytest.approx([5.874 / 5.68 - 1] * 2)
    assert (found.verdict, found.relation) == ("fits", "cube on cube")
    assert found.match.area == pytest.approx(5.68**2)


def test_a_primitive_cell_of_another_shape_is_no_obstacle():
    found = on("CsSnBr3_cubic", "NaCl")
    assert np.linalg.det(found.substrate_cell) == pytest.approx(5.6402**2 / 2)
    assert (found.verdict, found.relation) == ("fits", "cube on cube")
    assert match_misfits(found.match) == pytest.approx([5.795 / 5.6402 - 1] * 2)


def test_two_on_three():
    found = on("CsPbBr3_cubic", "SrTiO3")
    assert found.misfits == pytest.approx([2 * 5.874 / (3 * 3.905) - 1] * 2)
    assert found.verdict == "coincidence"
    assert found.cube_on_cube == pytest.approx([5.874 / 3.905 - 1] * 2)


def test_nothing_fits():
    found = on("MAPbI3_tetragonal", "MAPbBr3_cubic")
    assert found.verdict == "too large"
    assert found.misfits == found.cube_on_cube
    assert found.misfits == pytest.approx([8.855 / (5.92 * 2**0.5) - 1] * 2, abs=1e-5)
    assert found.match is None


def test_closest_cell_beyond_the_rule_without_cubes():
    found = on("CsCu2I3", "Cs3Cu2I5")
    assert found.cube_on_cube is None
    assert found.verdict == "too large"
    assert abs(found.misfits[0]) > RULE
    assert found.relation


def test_hexagon_on_the_body_diagonal():
    found = on("Cs4PbBr6", "CsPbBr3_cubic", "001", "111")
    assert found.misfits == pytest.approx([13.73 / (5.874 * 6**0.5) - 1] * 2)
    assert found.relation == "film (1 × 1) on substrate (√3 × √3)R30°"
    assert found.verdict == "fits"


def test_the_better_cell_has_less_than_half_the_misfit():
    found = on("CsPbBr3_cubic", "CaF2")
    best = min(abs(match_misfits(found.better)[0]), abs(found.misfits[0]))
    assert 2 * best < abs(found.misfits[0])
    assert found.better.area > found.match.area
    assert found.better_relation


def test_every_named_cell_is_a_true_common_cell():
    for film, substrate in (("CsPbBr3", "GaN"), ("CsPbBr3_cubic", "CaF2"), ("BA2PbI4", "MgO")):
        found = on(film, substrate)
        match = found.match
        cells = (
            match.film @ found.film_cell @ match.deformation,
            match.substrate @ found.substrate_cell,
        )
        assert np.allclose(*cells, atol=1e-6)
        lengths = np.linalg.svd(
            np.linalg.solve(cells[1], match.film @ found.film_cell), compute_uv=False
        )
        assert sorted(found.misfits) == pytest.approx(sorted(lengths - 1), abs=1e-9)


def test_the_rule_is_one_of_misfits_and_not_of_strains():
    film, substrate = np.diag([5.245, 5.245]), np.diag([5.0, 5.0])
    match = find_matches(film, substrate)[0]
    assert match_misfits(match) == pytest.approx((0.049, 0.049))
    assert match.strains[0] == pytest.approx(-0.049 / 1.049)


@pytest.mark.parametrize("area", [0, -1, float("nan")])
def test_impossible_area(area):
    with pytest.raises(UsageError, match="max_area"):
        on("CsPbBr3", "NaCl", max_area=area)
