from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.linalg import logm

from heterobuild.assembly.common_cell import (
    film_share,
    least_energy_stretch,
    onto_common_cell,
    reference_stretch,
    two_fold_axis,
)
from heterobuild.assembly.part import slab_stiffness, slab_thickness
from heterobuild.chemistry.elasticity import plane_stress
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.geometry.strain import polar
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.common_choice import choose_common_cell
from heterobuild.matching.common_superlattice import single_cell
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
        theirs = reference_stretch(single_cell(match), [], None, share=share)  # type: ignore[arg-type]
        ours, rotation = polar(match.deformation @ theirs)
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
        5.605
        * reference_stretch(
            single_cell(match), [slab], substrate, share="stiffness", copies=copies
        )[0, 0]
        for slab, copies in ((film, (1, 1)), (film, (2, 1)), (thick, (1, 1)), (thick, (1, 2)))
    ]
    assert 5.605 < lengths[0] < lengths[1] < 5.874
    assert lengths[1] == pytest.approx(lengths[2])
    assert lengths[3] == pytest.approx(lengths[0])


def test_three_layers_share_by_least_energy() -> None:
    # Cubic on cubic: one scalar a minimises Σ t M ln²(a/a_k), so ln a is the weighted mean.
    names = ("CsPbBr3_cubic", "CsPbCl3_cubic", "CsSnBr3_cubic")
    slabs = {
        name: cut_slab(load_crystal(name), "001", layers=count)
        for name, count in zip(names, (2, 1, 3), strict=True)
    }
    weight, length = {}, {}
    for name, slab in slabs.items():
        reduced = plane_stress(slab_stiffness(slab)[1])
        weight[name] = slab_thickness(slab) * (reduced[0, 0] + reduced[0, 1])
        length[name] = float(slab.stacking.cell[0, 0])
    mean = sum(w * np.log(length[n]) for n, w in weight.items()) / sum(weight.values())
    base = slabs.pop(names[0])
    limits = MatchLimits(max_strain=0.06, max_area=50)
    common, _ = choose_common_cell(slabs, (names[0], base), limits)
    stretch = reference_stretch(common, list(slabs.values()), base, share="stiffness")
    made, frame = onto_common_cell(common, slabs, (names[0], base), stretch=stretch)
    assert frame.cell[0, 0] == pytest.approx(np.exp(mean), rel=1e-9)
    for name, part in made.items():
        assert part.deformation[0, 0] == pytest.approx(np.exp(mean) / length[name], rel=1e-9)


def test_least_energy_of_turned_layers_is_a_minimum() -> None:
    rng = np.random.default_rng(5)
    base = rng.normal(size=(3, 6, 6))
    stiff = [40 * np.eye(6) + 5 * (m + m.T) for m in base]
    angles = np.radians([31.0, -77.0])
    spins = [np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) for a in angles]
    maps = [(np.eye(2) + 0.01 * rng.normal(size=(2, 2))) @ spin for spin in spins]
    thick = [7.0, 12.0, 9.0]

    def energy(reference: np.ndarray) -> float:
        total = 0.0
        for deformation, matrix, height in zip([*maps, np.eye(2)], stiff, thick, strict=True):
            strain = logm(polar(deformation @ reference)[0]).real
            held = np.array([strain[0, 0], strain[1, 1], 2 * strain[0, 1]])
            total += height * held @ plane_stress(matrix) @ held
        return total

    best = least_energy_stretch(maps, stiff, thick)
    least = energy(best)
    assert np.allclose(best, best.T)
    for direction in ([[1, 0], [0, 0]], [[0, 0], [0, 1]], [[0, 1], [1, 0]]):
        for sign in (-1, 1):
            # A step well above the terms of third order that the closed form leaves out.
            assert energy(best + sign * 1e-3 * np.array(direction)) > least


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
