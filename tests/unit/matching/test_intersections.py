from __future__ import annotations

import numpy as np
import pytest

from heterobuild.geometry.lattice_plane import hermite
from heterobuild.matching.intersections import Lattices, intersect, lattice_forms


def members(form: np.ndarray, size: int) -> np.ndarray:
    """Tell for every integer vector up to a size whether it lies in a superlattice."""
    a, b, d = form
    x, y = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    inside: np.ndarray = (x % a == 0) & ((y - x // a * b) % d == 0)
    return inside


def some_forms(most: int, seed: int = 1) -> np.ndarray:
    matrices = np.random.default_rng(seed).integers(-5, 6, (300, 2, 2))
    sizes = np.abs(np.rint(np.linalg.det(matrices)))
    return np.unique(lattice_forms(matrices[(sizes > 0) & (sizes <= most)]), axis=0)


def test_forms_are_those_of_hermite() -> None:
    matrices = np.random.default_rng(7).integers(-9, 10, (200, 2, 2))
    matrices = matrices[np.rint(np.linalg.det(matrices)) != 0]
    for matrix, (a, b, d) in zip(matrices, lattice_forms(matrices), strict=True):
        assert hermite(matrix).tolist() == [[a, b], [0, d]]


def test_intersections_hold_exactly_the_common_vectors() -> None:
    forms = some_forms(12)
    start = Lattices(
        forms=forms,
        strain=np.zeros(len(forms)),
        chosen=np.arange(len(forms))[:, None],
    )
    assert len(forms) > 40
    for number in range(0, len(forms), 11):
        met = intersect(start, forms[number : number + 1], np.zeros(1), most=144)
        other = members(forms[number], 150)
        expected = {(members(form, 150) & other).tobytes() for form in forms}
        assert {members(form, 150).tobytes() for form in met.forms} == expected


def test_the_least_strained_choice_of_each_lattice_is_kept() -> None:
    double, same = np.array([[1, 0, 2], [1, 0, 2], [2, 0, 1]]), Lattices.of_reference()
    met = intersect(same, double, np.array([0.03, 0.01, 0.02]), most=4)
    assert met.forms.tolist() == [[1, 0, 2], [2, 0, 1]]
    assert met.chosen.ravel().tolist() == [1, 2]
    both = intersect(met, double, np.array([0.03, 0.01, 0.02]), most=4)
    assert both.forms.tolist() == [[1, 0, 2], [2, 0, 1], [2, 0, 2]]
    assert both.strain == pytest.approx([0.01, 0.02, 0.02])


def test_intersections_beyond_the_largest_index_are_left_out() -> None:
    forms = some_forms(12)
    start = Lattices(
        forms=forms, strain=np.zeros(len(forms)), chosen=np.zeros((len(forms), 1), dtype=int)
    )
    met = intersect(start, forms, np.zeros(len(forms)), most=20)
    assert (met.forms[:, 0] * met.forms[:, 2]).max() <= 20
    every = intersect(start, forms, np.zeros(len(forms)), most=144)
    assert len(every) > len(met)
