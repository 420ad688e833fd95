"""Mixed crystals against measured solid solutions, other programs and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.alloys.dopants import dope
from heterobuild.alloys.doping_plans import Dopant
from heterobuild.alloys.mixing import mixed_crystal
from heterobuild.alloys.supercells import alloy_supercell
from heterobuild.architectures.vertical import Vertical
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds import load_crystal
from heterobuild.crystals import load_phase
from heterobuild.crystals.symmetry import symmetry_dataset
from heterobuild.labels import units
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab
from heterobuild.validation import check


def mix(formula, **options):
    return mixed_crystal(parse_compound(formula), **options)


def pseudocubic_length(crystal):
    """Return the cube root of the volume of a formula unit of ABX3 in Å."""
    return (np.linalg.det(crystal.cell) / crystal.z) ** (1 / 3)


def metal_halide_distances(crystal, halides):
    """Return the six shortest distances of each B cation to halides, mean over all, in Å."""
    atoms = crystal.atoms
    box = np.asarray(crystal.cell)
    images = np.stack(np.meshgrid(*[range(-1, 2)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    metal = atoms.positions[np.isin(atoms.numbers, (82, 50))]
    halide = atoms.positions[np.isin(atoms.numbers, halides)]
    every = (halide[None] + (images @ box)[:, None]).reshape(-1, 3)
    distance = np.sort(np.linalg.norm(every[None] - metal[:, None], axis=2), axis=1)[:, :6]
    return distance.mean()


# CH3NH3Sn0.43Pb0.57I3, single crystal, I4cm, a = 8.8552(6), c = 12.5353(12) Å, Z = 4: Stoumpos,
# Malliakas, Kanatzidis 2013, 10.1021/ic401215x (COD 4335641).
@pytest.mark.parametrize(("phase", "within"), [(None, 0.001), ("I4/mcm", 0.001), ("cubic", 0.005)])
def test_tin_lead_iodide_has_its_measured_volume(phase, within):
    crystal = mix("MAPb0.57Sn0.43I3", phase=phase)
    measured = (8.8552**2 * 12.5353 / 4) ** (1 / 3)
    assert pseudocubic_length(crystal) == pytest.approx(measured, rel=within)
    assert abs(pseudocubic_length(crystal) / measured - 1) < 2 * crystal.length_error


def test_coordinates_are_those_of_a_mean_structure():
    # In one setting the mean of two refined structures: bond lengths change linearly up to second
    # order in the difference of the tilts, from one end to the other and without a jump.
    ends = [load_phase("CsPbBr3_orthorhombic"), load_phase("CsPbI3_gamma")]
    first, second = (metal_halide_distances(crystal, (35, 53)) for crystal in ends)
    for iodide in (0.1, 0.3, 0.49, 0.51, 0.7, 0.9):
        crystal = mix(f"CsPb(Br{1 - iodide:.2f}I{iodide:.2f})3")
        found = metal_halide_distances(crystal, (35, 53))
        assert found == pytest.approx((1 - iodide) * first + iodide * second, abs=0.005)


@pytest.mark.parametrize(
    ("formula", "number"),
    [
        ("CsPb(Br0.4I0.6)3", 62),
        ("CsPb(Br0.6I0.4)3", 62),
        ("Cs4Pb(Br0.5I0.5)6", 167),
        ("CsPb2(Br0.5Cl0.5)5", 140),
    ],
)
def test_the_mean_structure_has_the_symmetry_of_its_members(formula, number):
    crystal = mix(formula)
    dataset = symmetry_dataset(
        crystal.cell, crystal.atoms.positions, crystal.atoms.numbers, symprec=0.01
    )
    assert dataset.number == number == crystal.space_group_number


def test_random_mixtures_have_random_neighbours():
    # Of 1000 halides on their sites each has eight nearest halides; the share of unlike pairs is
    # 2 x (1 - x) N/(N - 1) with a standard deviation of about 1/sqrt(pairs).
    made = alloy_supercell(
        mix("CsPb(Br0.4I0.6)3", phase="cubic"), (10, 10, 10), max_atoms=5000, seed=2
    )
    halide = np.isin(made.atoms.numbers, (35, 53))
    positions, bromide = made.atoms.positions[halide], made.atoms.numbers[halide] == 35
    from scipy.spatial import cKDTree

    edge = made.cell[0, 0]
    pairs = cKDTree(np.mod(positions, edge), boxsize=edge * (1 + 1e-12)).query_pairs(
        0.75 * edge / 10, output_type="ndarray"
    )
    n = len(bromide)
    assert len(pairs) == 8 * n / 2
    unlike = (bromide[pairs[:, 0]] != bromide[pairs[:, 1]]).mean()
    assert unlike == pytest.approx(2 * 0.4 * 0.6 * n / (n - 1), abs=4 * 0.5 / len(pairs) ** 0.5)


@pytest.mark.parametrize(
    ("film", "substrate", "phase", "counts"),
    [
        # C, Cs, Pb, Sn, Br, I in 2 x 2 cells of two layers on two layers
        ("FA0.875Cs0.125Pb(Br0.5I0.5)3", "CsPbBr3_cubic", None, [7, 9, 16, 0, 36, 12]),
        ("MAPb0.5Sn0.5I3", "MAPbI3_cubic", "cubic", [16, 0, 12, 4, 0, 48]),
        ("CsPb(Br0.25I0.75)3", "CsPbBr3_cubic", "cubic", [0, 16, 16, 0, 30, 18]),
    ],
)
def test_interfaces_of_alloys_have_exact_counts_and_pass_the_checks(film, substrate, phase, counts):
    ours = cut_slab(mix(film, phase=phase), "001", layers=2)
    theirs = cut_slab(load_crystal(substrate), "001", layers=2)
    built = Vertical(limits=MatchLimits(max_strain=0.07, max_area=50), repeat=(2, 2)).build(
        ours, theirs, seed=5
    )
    numbers = built.atoms.numbers
    assert [int((numbers == z).sum()) for z in (6, 55, 82, 50, 35, 53)] == counts
    report = check(built)
    assert report.passed, [f.message for f in report.findings if f.level == "error"]
    again = Vertical(limits=MatchLimits(max_strain=0.07, max_area=50), repeat=(2, 2)).build(
        ours, theirs, seed=5
    )
    assert again.atoms.positions.tobytes() == built.atoms.positions.tobytes()
    assert again.atoms.numbers.tobytes() == numbers.tobytes()


@pytest.mark.parametrize("periodic", ["sandwich", "superlattice"])
def test_both_sides_may_be_alloys(periodic):
    ours = cut_slab(mix("FA0.75Cs0.25Pb(Br0.5I0.5)3"), "001", layers=2)
    theirs = cut_slab(mix("CsPb(Br0.75I0.25)3", phase="cubic"), "001", layers=3)
    built = Vertical(
        limits=MatchLimits(max_strain=0.07, max_area=50), repeat=(2, 2), periodic=periodic
    ).build(ours, theirs)
    steps = {step.values["part"]: step for step in built.steps if step.name == "composition"}
    assert set(steps) == {"film", "substrate"}
    assert check(built).passed
    for region in built.regions:
        inside = built.atoms.arrays["region"] == region.code
        counts = steps[region.name.removesuffix(" (lower)")].values
        wanted = next(v["counts"]["Br"] for k, v in counts.items() if k.startswith("X "))
        assert int((built.atoms.numbers[inside] == 35).sum()) == wanted


def test_a_doped_and_an_alloyed_supercell_can_be_cut():
    doped = dope(
        load_phase("CsPbBr3_cubic"),
        Dopant(ion="Bi", fraction=0.125, compensation="co-dopant:Ag"),
        repeat=(2, 2, 2),
    )
    alloy = alloy_supercell(mix("MAPb0.5Sn0.5I3"), (2, 2, 2), rule="rock-salt")
    for crystal in (doped, alloy):
        slab = cut_slab(crystal, "001", layers=2)
        assert slab.charge == pytest.approx(0)
        per_unit = np.bincount(units(slab.atoms), weights=slab.atoms.arrays["formal_charge"])
        assert np.allclose(per_unit, np.rint(per_unit))
