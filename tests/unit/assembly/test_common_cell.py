from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.linalg import logm

from heterobuild.assembly.common_cell import (
    film_share,
    onto_common_cell,
    share_strain,
    two_fold_axis,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.slabs import cut_slab

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("strain", "share"),
    [
        ("film", 1),
        ("substrate", 0),
        ("shared", 0.5),
        ({"film": 0.7}, 0.7),
        ({"substrate": 0.2}, 0.8),
    ],
)
def test_shares(strain: str | dict, share: float) -> None:
    assert film_share(strain) == pytest.approx(share)


def test_sharing_by_stiffness_is_left_to_the_slabs() -> None:
    assert film_share("stiffness") == "stiffness"


@pytest.mark.parametrize(
    "strain",
    [
        "both",
        "Stiffness",
        {"film": 1.1},
        {"film": -0.1},
        {"film": 70},
        {"film": 0.5, "substrate": 0.5},
        {},
        0.5,
    ],
)
def test_shares_that_cannot_be_meant(strain: object) -> None:
    with pytest.raises(UsageError, match="names the side"):
        film_share(strain)  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_logarithmic_strains_are_in_the_stated_ratio(share: float) -> None:
    film = np.array([[5.1, 0.0], [1.3, 7.2]])
    substrate = np.array([[4.4, 0.3], [-1.0, 6.1]])
    for match in find_matches(film, substrate, MatchLimits(max_strain=0.1, max_area=250))[:6]:
        ours, theirs, rotation = share_strain(match, share)
        assert np.allclose(
            match.film @ film @ ours @ rotation, match.substrate @ substrate @ theirs, atol=1e-9
        )
        whole = logm(ours) - rotation @ logm(theirs) @ rotation.T
        assert np.allclose(logm(ours), share * whole, atol=1e-8)
        assert np.allclose(ours, ours.T)
        assert np.allclose(theirs, theirs.T)
        assert np.linalg.det(rotation) == pytest.approx(1)


def test_two_copies_of_the_film_resist_like_one_of_twice_the_thickness() -> None:
    film = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2)
    thick = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=4)
    substrate = cut_slab(load_crystal("CsPbCl3_cubic"), "001", layers=2)
    match = find_matches(film, substrate, MatchLimits(max_strain=0.06, max_area=50))[0]
    lengths = [
        onto_common_cell(match, slab, substrate, share="stiffness", copies=copies)[1].cell[0, 0]
        for slab, copies in ((film, (1, 1)), (film, (2, 1)), (thick, (1, 1)), (thick, (1, 2)))
    ]
    assert 5.605 < lengths[0] < lengths[1] < 5.874
    assert lengths[1] == pytest.approx(lengths[2])
    assert lengths[3] == pytest.approx(lengths[0])


def test_first_vector_of_the_common_cell_lies_along_x(bring: Callable) -> None:
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("SrTiO3", "001", "TiO2"), share=0.5
    )
    assert cell[0, 1] == 0
    assert np.linalg.det(cell) > 0
    for part, match in ((film, 1), (substrate, -1)):
        assert np.linalg.det(part.rotation) == pytest.approx(1)
        inside = part.slab.stacking.cell[:2] @ part.deformation
        integers = cell @ np.linalg.inv(inside[:, :2])
        assert np.allclose(integers, np.rint(integers), atol=1e-6), match


@pytest.mark.parametrize(
    "cell",
    [
        [[6.0, 0.0], [0.0, 6.0]],
        [[6.0, 0.0], [0.0, 9.0]],
        [[6.0, 0.0], [-3.0, 3 * 3**0.5]],
        [[6.0, 0.0], [-3.0, 11.0]],
        [[6.0, 0.0], [6 * np.cos(1.8), 6 * np.sin(1.8)]],
    ],
)
def test_two_fold_axes_map_the_lattice_onto_itself(cell: list[list[float]]) -> None:
    axis = two_fold_axis(np.array(cell))
    image = np.array(cell) @ (2 * np.outer(axis, axis) - np.eye(2)) @ np.linalg.inv(cell)
    assert np.linalg.norm(axis) == pytest.approx(1)
    assert np.allclose(image, np.rint(image), atol=1e-6)


def test_oblique_lattices_have_no_two_fold_axis() -> None:
    with pytest.raises(UsageError, match=r"oblique cell of 6\.000 × 8\.246 Å, 104\.04°"):
        two_fold_axis(np.array([[6.0, 0.0], [-2.0, 8.0]]))
