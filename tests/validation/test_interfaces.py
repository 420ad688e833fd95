"""Interfaces of many pairs, judged by neighbour searches of ASE and hand-made closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.model import Heterostructure
from heterobuild.slabs import cut_slab

# Shannon radii in Å (10.1107/S0567739476001551); A cations with twelve neighbours, Sn effective.
RADII = {"Cs": 1.88, "Pb": 1.19, "Cl": 1.81, "Br": 1.96, "I": 2.20, "Na": 1.02, "Ti": 0.605}
RADII |= {"Sn": 1.10, "O": 1.40, "Sr": 1.44, "Mg": 0.72, "S": 1.84}

Face = tuple[str, str, str | int | None]


def interface(
    film: Face, substrate: Face, *, strain: float = 0.07, **options: object
) -> Heterostructure:
    ours = cut_slab(load_crystal(film[0]), film[1], layers=2, bottom=film[2])
    theirs = cut_slab(load_crystal(substrate[0]), substrate[1], layers=2, top=substrate[2])
    limits = MatchLimits(max_strain=strain, max_area=200)
    return Vertical(limits=limits, **options).build(ours, theirs)  # type: ignore[arg-type]


def contacts(built: Heterostructure) -> tuple[np.ndarray, np.ndarray]:
    """Distances over sums of radii of ion pairs across the interfaces, and products of charge."""
    atoms = built.atoms
    i, j, distance = neighbor_list("ijd", atoms, 5.0)
    region, ion = atoms.arrays["region"], atoms.arrays["molecule"] == 0
    across = (region[i] != region[j]) & ion[i] & ion[j]
    i, j, distance = i[across], j[across], distance[across]
    radius = np.array([RADII.get(symbol, 1.5) for symbol in atoms.get_chemical_symbols()])
    charge = atoms.arrays["formal_charge"]
    return distance / (radius[i] + radius[j]), charge[i] * charge[j]


def continues(built: Heterostructure) -> list[bool]:
    return [bool(s.values["network_continues"]) for s in built.steps if s.name == "gap"]


CUBIC = "CsPbBr3_cubic"
TOUCHING = [
    ((CUBIC, "001", "CsBr"), ("NaCl", "001", None)),
    ((CUBIC, "001", "PbBr2"), ("NaCl", "001", None)),
    ((CUBIC, "001", "CsBr"), ("SrTiO3", "001", "TiO2")),
    ((CUBIC, "001", "PbBr2"), ("SrTiO3", "001", "SrO")),
    ((CUBIC, "001", "CsBr"), ("MgO", "001", None)),
    ((CUBIC, "001", "CsBr"), ("CsPbI3_alpha", "001", "CsI")),
    ((CUBIC, "111", "Pb"), ("CsPbCl3_cubic", "111", "Pb")),
    ((CUBIC, "110", "Br2"), ("CsPbCl3_cubic", "110", "Cl2")),
    (("Cs4PbBr6", "001", None), (CUBIC, "111", "Pb")),
    (("CsPb2Br5", "001", None), (CUBIC, "001", "PbBr2")),
    (("PbS", "001", None), (CUBIC, "001", "PbBr2")),
]


@pytest.mark.parametrize(("film", "substrate"), TOUCHING)
def test_where_the_network_ends_the_first_two_ions_just_touch(film: Face, substrate: Face) -> None:
    built = interface(film, substrate)
    assert continues(built) == [False]
    ratio, _ = contacts(built)
    assert ratio.min() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("hkl", ["001", "110", "111"])
@pytest.mark.parametrize("bottom", [0, 1])
@pytest.mark.parametrize("substrate", ["CsPbCl3_cubic", "MAPbCl3_cubic", "CsPbI3_alpha"])
def test_lead_keeps_six_halides_where_the_network_runs_on(
    hkl: str, bottom: int, substrate: str
) -> None:
    built = interface((CUBIC, hkl, bottom), (substrate, hkl, 1 - bottom))
    assert continues(built) == [True]
    ratio, product = contacts(built)
    assert 0.85 < ratio[product < 0].min() < 1
    atoms = built.atoms
    i, j, distance = neighbor_list("ijd", atoms, 4.3)
    radius = np.array([RADII.get(symbol, 0.0) for symbol in atoms.get_chemical_symbols()])
    bond = (atoms.numbers[i] == 82) & np.isin(atoms.numbers[j], (17, 35, 53))
    bond &= distance < 1.2 * (radius[i] + radius[j])
    number = np.bincount(i[bond], minlength=len(atoms))
    layer, region = atoms.arrays["layer"], atoms.arrays["region"]
    facing = ((region == 1) & (layer >= -2)) | ((region == 2) & (layer <= 2))
    assert set(number[facing & (atoms.numbers == 82)].tolist()) == {6}


@pytest.mark.parametrize(
    ("film", "substrate"),
    [
        (("CsPbBr3_orthorhombic", "010", "CsBr"), (CUBIC, "001", "PbBr2")),
        (("CsPbBr3_orthorhombic", "101", "CsBr"), (CUBIC, "001", "PbBr2")),
        (("MAPbI3_tetragonal", "001", "MAI"), ("FASnI3_cubic", "001", "SnI2")),
    ],
)
def test_tilted_octahedra_continue_straight_ones(film: Face, substrate: Face) -> None:
    built = interface(film, substrate)
    assert continues(built) == [True]
    ratio, product = contacts(built)
    assert ratio[product < 0].min() > 0.85


@pytest.mark.parametrize("hkl", ["001", "110", "111"])
def test_superlattice_has_two_sound_interfaces(hkl: str) -> None:
    film, substrate = (
        cut_slab(load_crystal(name), hkl, layers=2, bottom=0) for name in (CUBIC, "CsPbCl3_cubic")
    )
    limits = MatchLimits(max_strain=0.06, max_area=60)
    built = Vertical(limits=limits, periodic="superlattice").build(film, substrate)
    assert continues(built) == [True, True]
    assert built.atoms.pbc.all()
    assert np.linalg.det(built.atoms.cell) > 0
    ratio, product = contacts(built)
    assert ratio[product < 0].min() > 0.85
    i, j, distance = neighbor_list("ijd", built.atoms, 3.4)
    lead = (built.atoms.numbers[i] == 82) & np.isin(built.atoms.numbers[j], (17, 35))
    number = np.bincount(i[lead & (distance < 3.4)], minlength=len(built.atoms))
    assert set(number[built.atoms.numbers == 82].tolist()) == {6}


@pytest.mark.parametrize("bottom", ["CsBr", "PbBr2"])
@pytest.mark.parametrize("top", ["CsCl", "PbCl2"])
@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.3, 0.1)])
def test_both_interfaces_of_a_sandwich_are_alike(
    bottom: str, top: str, shift: tuple[float, float]
) -> None:
    film = cut_slab(load_crystal(CUBIC), "001", layers=2, bottom=bottom)
    substrate = cut_slab(load_crystal("CsPbCl3_cubic"), "001", layers=2, bottom=top, top=top)
    limits = MatchLimits(max_strain=0.06, max_area=50)
    built = Vertical(limits=limits, periodic="sandwich", shift=shift).build(film, substrate)
    atoms = built.atoms
    i, j, distance = neighbor_list("ijd", atoms, 5.9)
    region = atoms.arrays["region"]
    sides = []
    for outer in (1, 3):
        pair = (region[i] == outer) & (region[j] == 2)
        order = np.lexsort((distance[pair], atoms.numbers[j[pair]], atoms.numbers[i[pair]]))
        sides.append(distance[pair][order])
    assert len(sides[0]) == len(sides[1]) > 0
    assert np.allclose(*sides, atol=1e-6)
    charge, height = atoms.arrays["formal_charge"], atoms.positions[:, 2]
    assert charge @ (height - height.mean()) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_random_cations_do_not_overlap_across_the_interface(seed: int) -> None:
    film, substrate = (
        cut_slab(load_crystal(name), "001", layers=2, cations="random", seed=seed, **ends)
        for name, ends in (("MAPbI3_cubic", {"bottom": "MAI"}), ("FAPbI3_alpha", {"top": "FAI"}))
    )
    limits = MatchLimits(max_area=50)
    built = Vertical(limits=limits, repeat=(2, 2)).build(film, substrate, seed=seed)
    i, j, distance = neighbor_list("ijd", built.atoms, 3.5)
    region, numbers = built.atoms.arrays["region"], built.atoms.numbers
    across = region[i] != region[j]
    iodine = across & ((numbers[i] == 1) & (numbers[j] == 53))
    assert distance[across].min() > 1.8
    assert distance[iodine].min(initial=9) > 2.2
