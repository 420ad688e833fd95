from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.chemistry.elasticity import stiffness
from heterobuild.compounds import load_crystal
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.matching import MatchLimits
from heterobuild.model import Heterostructure, Slab
from heterobuild.slabs import cut_slab

LIMITS = MatchLimits(max_strain=0.06, max_area=60)
FILM_A, BASE_A = 5.874, 5.605  # Å, CsPbBr3 and CsPbCl3, cubic


def slabs(
    hkl: str = "001",
    bottom: str | int = "CsBr",
    top: str | int = "PbCl2",
    film_top: str | int | None = None,
) -> tuple[Slab, Slab]:
    return (
        cut_slab(load_crystal("CsPbBr3_cubic"), hkl, layers=2, bottom=bottom, top=film_top),
        cut_slab(load_crystal("CsPbCl3_cubic"), hkl, layers=2, top=top),
    )


def heights(built: Heterostructure, region: int) -> np.ndarray:
    return np.sort(built.atoms.positions[built.atoms.arrays["region"] == region, 2])


@pytest.mark.parametrize("hkl", ["001", "110", "111"])
@pytest.mark.parametrize("bottom", [0, 1])
@pytest.mark.parametrize("top", [0, 1])
def test_all_pairs_of_terminations_can_be_built(hkl: str, bottom: int, top: int) -> None:
    film, substrate = slabs(hkl, bottom, top)
    built = Vertical(limits=LIMITS).build(film, substrate)
    count = built.atoms.symbols.formula.count()
    expected = (film.atoms + substrate.atoms).symbols.formula.count()
    assert count == expected
    charge = built.atoms.arrays["formal_charge"].sum()
    assert charge == pytest.approx(film.charge + substrate.charge)
    assert built.atoms.cell.array[:2, 2] == pytest.approx([0, 0])
    assert np.linalg.det(built.atoms.cell) > 0
    assert built.atoms.cell.lengths()[0] == pytest.approx(
        np.linalg.norm(substrate.stacking.cell[0]), abs=1e-6
    )


def test_composition_and_height_by_hand() -> None:
    film, substrate = slabs("001", "CsBr", "PbCl2", "CsBr")
    built = Vertical(limits=LIMITS, vacuum=12.0).build(film, substrate)
    assert dict(built.atoms.symbols.formula.count()) == {"Cs": 5, "Pb": 4, "Br": 7, "Cl": 6}
    step = FILM_A / 2 * (1 - (BASE_A / FILM_A - 1) / 3)
    assert np.ptp(heights(built, 1)) == pytest.approx(3 * BASE_A / 2)
    assert np.ptp(heights(built, 2)) == pytest.approx(4 * step)
    assert heights(built, 2)[0] - heights(built, 1)[-1] == pytest.approx(step)
    assert built.atoms.cell[2, 2] == pytest.approx(3 * BASE_A / 2 + 5 * step + 12)


@pytest.mark.parametrize("gap", [2.0, 3.3, 6.0])
def test_a_fixed_gap_is_the_distance_of_the_facing_planes(gap: float) -> None:
    built = Vertical(limits=LIMITS, gap=gap).build(*slabs())
    assert heights(built, 2)[0] - heights(built, 1)[-1] == pytest.approx(gap)


@pytest.mark.parametrize("below", ["substrate", "film"])
def test_shift_moves_the_film_by_fractions_of_the_substrate(below: str) -> None:
    plain, moved = (
        Vertical(limits=LIMITS, gap=3.0, shift=shift, below=below).build(*slabs("110", 0, 1))
        for shift in ((0.0, 0.0), (0.25, 0.4))
    )
    step = moved.atoms.positions - plain.atoms.positions
    lower = plain.atoms.arrays["region"] == 1
    relative = step[~lower].mean(axis=0) - step[lower].mean(axis=0)
    sign = 1 if below == "substrate" else -1
    fractions = relative[:2] @ np.linalg.inv(plain.atoms.cell[:2, :2])
    difference = fractions - sign * np.array([0.25, 0.4])
    assert np.allclose(difference, np.rint(difference), atol=1e-6)
    assert relative[2] == pytest.approx(0, abs=1e-9)


def test_either_side_may_lie_below() -> None:
    built = Vertical(limits=LIMITS, below="film").build(*slabs("001", "CsBr", "PbCl2", "CsBr"))
    assert [region.name for region in built.regions] == ["film", "substrate"]
    lower = built.atoms[built.atoms.arrays["region"] == 1]
    assert set(lower.symbols) == {"Cs", "Pb", "Br"}
    assert heights(built, 1)[-1] < heights(built, 2)[0]


@pytest.mark.parametrize(
    ("options", "facing"),
    # The film runs from CsBr up to PbBr2, the substrate from CsCl up to PbCl2.
    [
        ({}, ("PbCl2", "CsBr")),
        ({"film_face": "down"}, ("PbCl2", "PbBr2")),
        ({"substrate_face": "down"}, ("CsCl", "CsBr")),
        ({"film_face": "down", "substrate_face": "down"}, ("CsCl", "PbBr2")),
        ({"below": "film"}, ("PbBr2", "CsCl")),
        ({"below": "film", "film_face": "down"}, ("CsBr", "CsCl")),
    ],
)
def test_faces(options: dict[str, str], facing: tuple[str, str]) -> None:
    film = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, bottom="CsBr", top="PbBr2")
    substrate = cut_slab(load_crystal("CsPbCl3_cubic"), "001", layers=2, bottom="CsCl", top="PbCl2")
    built = Vertical(limits=LIMITS, **options).build(film, substrate)  # type: ignore[arg-type]
    layer, region = built.atoms.arrays["layer"], built.atoms.arrays["region"]
    ends = (built.atoms[(region == 1) & (layer == -1)], built.atoms[(region == 2) & (layer == 1)])
    found = tuple(end.get_chemical_formula("metal") for end in ends)
    alike = {"Br2Pb": "PbBr2", "Cl2Pb": "PbCl2", "BrCs": "CsBr", "ClCs": "CsCl"}
    assert tuple(alike.get(formula, formula) for formula in found) == facing


@pytest.mark.parametrize(
    ("strain", "length"),
    [
        ("film", BASE_A),
        ("substrate", FILM_A),
        ("shared", (BASE_A * FILM_A) ** 0.5),
        ({"film": 0.7}, FILM_A**0.3 * BASE_A**0.7),
    ],
)
def test_who_takes_the_strain(strain: str | dict[str, float], length: float) -> None:
    built = Vertical(limits=LIMITS, strain=strain).build(*slabs())  # type: ignore[arg-type]
    assert built.atoms.cell.lengths()[:2] == pytest.approx([length] * 2)
    film = next(region for region in built.regions if region.name == "film")
    substrate = next(region for region in built.regions if region.name == "substrate")
    assert film.strain[0, 0] == pytest.approx(length / FILM_A - 1)
    assert substrate.strain[0, 0] == pytest.approx(length / BASE_A - 1)


def test_stiffness_shares_the_strain_by_biaxial_modulus_and_thickness() -> None:
    slopes = []
    for name, length in (("CsPbBr3", FILM_A), ("CsPbCl3", BASE_A)):
        matrix = stiffness(f"{name}_cubic", name).matrix
        modulus = matrix[0, 0] + matrix[0, 1] - 2 * matrix[0, 1] ** 2 / matrix[0, 0]
        slopes.append(2 * length * modulus)
    share = slopes[1] / sum(slopes)
    assert 0.4 < share < 0.6
    built = Vertical(limits=LIMITS, strain="stiffness").build(*slabs())
    length = FILM_A ** (1 - share) * BASE_A**share
    assert built.atoms.cell.lengths()[:2] == pytest.approx([length] * 2)
    for region, free in zip(built.regions, (BASE_A, FILM_A), strict=True):
        assert region.strain[0, 0] == pytest.approx(length / free - 1)
        assert region.strain[1, 1] == pytest.approx(length / free - 1)


def test_strain_measured_from_the_atoms_is_the_stated_one() -> None:
    built = Vertical(limits=LIMITS, strain={"film": 0.4}).build(*slabs())
    for region, a in zip(built.regions, (BASE_A, FILM_A), strict=True):
        planes = sorted(set(heights(built, region.code).round(6).tolist()))
        spacing = [high - low for low, high in pairwise(planes)]
        assert spacing == pytest.approx(
            [a / 2 * (1 + region.strain[2, 2])] * len(spacing), abs=1e-5
        )


def test_rank_chooses_another_match() -> None:
    wide = MatchLimits(max_strain=0.06, max_area=330)
    areas = [
        np.linalg.det(Vertical(limits=wide, match=rank).build(*slabs()).atoms.cell[:2, :2])
        for rank in (0, 1)
    ]
    assert areas[1] > areas[0] + 1


def test_the_same_input_gives_the_same_numbers() -> None:
    film = cut_slab(load_crystal("MAPbBr3_cubic"), "001", layers=2, cations="random")
    substrate = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, top="PbBr2")
    builds = [
        Vertical(limits=LIMITS, repeat=(2, 2)).build(film, substrate, seed=seed).atoms.positions
        for seed in (5, 5, 6)
    ]
    assert np.array_equal(builds[0], builds[1])
    assert not np.allclose(builds[0], builds[2])


def test_nothing_fits() -> None:
    with pytest.raises(NothingFitsError, match="nearest misses"):
        Vertical(limits=MatchLimits(max_strain=0.01, max_area=40)).build(*slabs())


def test_a_sandwich_needs_a_two_fold_axis() -> None:
    film = cut_slab(load_crystal("CsPbBr3_cubic"), "321", layers=1)
    wide = MatchLimits(max_area=135)
    with pytest.raises(UsageError, match="two-fold axis"):
        Vertical(limits=wide, periodic="sandwich").build(film, film)


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"match": -1}, "match"),
        ({"gap": 0.0}, "gap"),
        ({"gap": -2.0}, "gap"),
        ({"gap": float("nan")}, "gap"),
        ({"gap": "Auto"}, "gap"),
        ({"periodic": "bulk"}, "periodic"),
        ({"below": "up"}, "below"),
        ({"film_face": "left"}, "film_face"),
        ({"vacuum": 0.0}, "vacuum"),
        ({"vacuum": None}, "vacuum"),
        ({"vacuum": float("inf")}, "vacuum"),
        ({"repeat": (0, 1)}, "repeat"),
        ({"shift": (float("nan"), 0.0)}, "shift"),
        ({"strain": "both"}, "strain"),
        ({"strain": {"film": 70}}, "strain"),
    ],
)
def test_options_no_interface_can_have(options: dict[str, object], where: str) -> None:
    with pytest.raises(UsageError) as caught:
        Vertical(**options)  # type: ignore[arg-type]
    assert caught.value.where == where


def test_a_superlattice_needs_no_vacuum() -> None:
    built = Vertical(limits=LIMITS, periodic="superlattice", vacuum=None).build(*slabs())
    assert built.atoms.pbc.all()
    assert built.atoms.cell.volume == pytest.approx(
        np.linalg.det(built.atoms.cell[:2, :2]) * built.atoms.cell[2, 2]
    )
