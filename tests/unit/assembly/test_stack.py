from __future__ import annotations

import numpy as np
import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.model import Heterostructure
from heterobuild.slabs import cut_slab

LIMITS = MatchLimits(max_strain=0.06, max_area=50)


def interface(layers: int = 2, **options: object) -> Heterostructure:
    film = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=layers, bottom="CsBr", top="CsBr")
    substrate = cut_slab(load_crystal("CsPbCl3_cubic"), "001", layers=layers)
    return Vertical(limits=LIMITS, **options).build(film, substrate)  # type: ignore[arg-type]


def layers_upward(built: Heterostructure, region: int) -> list[int]:
    atoms = built.atoms[built.atoms.arrays["region"] == region]
    order = np.argsort(atoms.positions[:, 2], kind="stable")
    return list(dict.fromkeys(atoms.arrays["layer"][order].tolist()))


def test_layers_count_away_from_the_interface() -> None:
    built = interface()
    assert layers_upward(built, 1) == [-4, -3, -2, -1]
    assert layers_upward(built, 2) == [1, 2, 3, 4, 5]


def test_layers_between_two_interfaces_count_from_the_nearer_one() -> None:
    built = interface(periodic="superlattice")
    assert layers_upward(built, 1) == [1, 2, -2, -1]
    assert layers_upward(built, 2) == [1, 2, 3, -2, -1]


def test_layers_of_a_sandwich() -> None:
    built = interface(periodic="sandwich")
    assert layers_upward(built, 1) == [-5, -4, -3, -2, -1]
    assert layers_upward(built, 2) == [1, 2, -2, -1]
    assert layers_upward(built, 3) == [1, 2, 3, 4, 5]
    assert [region.name for region in built.regions] == ["film (lower)", "substrate", "film"]


def test_regions_keep_the_unstrained_cell() -> None:
    built = interface(strain="shared")
    film = next(region for region in built.regions if region.name == "film")
    assert np.linalg.norm(film.cell, axis=1) == pytest.approx([5.874] * 3, abs=1e-6)
    strain = np.sqrt(5.605 / 5.874) - 1
    assert np.allclose(film.strain[:2, :2], strain * np.eye(2))


@pytest.mark.parametrize("repeat", [(2, 1), (1, 3), (2, 2)])
def test_copies_keep_density_and_labels(repeat: tuple[int, int]) -> None:
    one, many = interface(), interface(repeat=repeat)
    n = repeat[0] * repeat[1]
    assert len(many.atoms) == n * len(one.atoms)
    assert many.atoms.cell.volume == pytest.approx(n * one.atoms.cell.volume)
    assert np.allclose(many.atoms.cell[:2], np.diag(repeat) @ one.atoms.cell[:2])
    for name in ("region", "layer", "site"):
        counts = [np.unique(built.atoms.arrays[name], return_counts=True) for built in (one, many)]
        assert counts[0][0].tolist() == counts[1][0].tolist()
        assert (n * counts[0][1]).tolist() == counts[1][1].tolist()


def test_height_of_a_part_is_that_of_its_atoms() -> None:
    built = interface(strain="substrate")
    heights = built.atoms.positions[built.atoms.arrays["region"] == 2, 2]
    assert np.ptp(heights) == pytest.approx(2 * 5.874)


def test_superlattice_spans_both_gaps() -> None:
    built = interface(periodic="superlattice", gap=3.5, strain="substrate")
    substrate = built.atoms.positions[built.atoms.arrays["region"] == 1, 2]
    film = built.atoms.positions[built.atoms.arrays["region"] == 2, 2]
    assert film.min() - substrate.max() == pytest.approx(3.5)
    assert built.atoms.cell[2, 2] + substrate.min() - film.max() == pytest.approx(3.5)
