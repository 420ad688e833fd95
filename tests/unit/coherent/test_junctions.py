"""Coherent junctions: ions counted by hand, whole octahedra by ASE, symmetry by spglib."""

import warnings

import numpy as np
import pytest
import spglib
from ase.neighborlist import neighbor_list

from heterobuild.coherent.junctions import CoherentJunction, coherent_junction, owned_shares
from heterobuild.coherent.junctions_pattern import Pattern
from heterobuild.compounds import load_crystal
from heterobuild.labels import CHARGE, MOLECULE, REGION, SITE, Site
from heterobuild.model import WallProfile
from heterobuild.validation import check

PEROVSKITES = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
BA = load_crystal("BA2PbI4"), load_crystal("BA2PbBr4")
TWO_T = load_crystal("2T2PbI4"), load_crystal("2T2PbBr4")


def build(crystals, widths, *, kind="stripes", across=1, length=2, **options):
    chosen = {
        "pattern": Pattern(
            kind=kind, parts=len(crystals), widths=widths, across=across, length=length
        ),
        "layers": 1,
        "line": (1, 0),
        "periodic": (True, True),
        "strain": "shared",
        "shared": "inner",
        "profile": WallProfile(),
        "elastic": "auto",
        "neutrality": "auto",
        "cations": "random",
        "vacuum": 15.0,
    }
    names = tuple("abc"[: len(crystals)])
    return coherent_junction(
        crystals, CoherentJunction(**chosen | options), names=names, name="x", seed=0
    )


def step(built, name):
    return next(s.values for s in built.steps if s.name == name)


def bonds_of_each(atoms):
    """Return the number of halides around each B cation, by ASE."""
    network = atoms[np.isin(atoms.arrays[SITE], (Site.B, Site.X))]
    i, j = neighbor_list("ij", network, 3.7)
    kept = (network.arrays[SITE][i] == Site.B) & (network.arrays[SITE][j] == Site.X)
    return np.bincount(i[kept], minlength=len(network))[network.arrays[SITE] == Site.B]


def counts(built):
    atoms = built.atoms
    return {s: int((atoms.numbers == z).sum()) for s, z in (("I", 53), ("Br", 35), ("Cs", 55))}


def test_ions_of_stripes():
    built = build(PEROVSKITES, (3, 4), layers=2, length=3)
    # Each octahedron of a slab of n layers has 3 + 1/n halides. The six bridges of each of the two
    # walls, 3 long and 2 high, go to the iodide, which is named first: one wall has them already.
    octahedra = {"I": 3 * 3 * 2, "Br": 4 * 3 * 2}
    assert counts(built)["I"] == octahedra["I"] * 3.5 + 6
    assert counts(built)["Br"] == octahedra["Br"] * 3.5 - 6
    assert counts(built)["Cs"] == 7 * 3 * 3
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0)
    assert step(built, "wall")["shared_halides"] == 12
    assert step(built, "junction")["octahedra"] == {"a": 18, "b": 24}


def test_the_network_is_whole_in_sheets_and_slabs():
    cases = [
        (PEROVSKITES, (3, 3), {"layers": 2}),
        (BA, (4, 4), {}),
        (BA, (4, 4), {"line": (1, 1), "layers": 2}),
        (TWO_T, (4, 2), {"kind": "core_crown", "across": 4}),
    ]
    for crystals, widths, options in cases:
        built = build(crystals, widths, **options)
        assert set(bonds_of_each(built.atoms)) == {6}


def point_group(atoms):
    cell = (atoms.cell[:], atoms.get_scaled_positions(), atoms.numbers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return spglib.get_symmetry_dataset(cell, symprec=1e-3).pointgroup


def test_a_symmetric_junction_is_symmetric():
    built = build(PEROVSKITES, (3, 3), layers=3, length=1, elastic=False)
    assert point_group(built.atoms) == "mmm"


def test_concentric_squares_have_the_axis_of_a_square():
    built = build(PEROVSKITES, (2, 2), kind="core_crown", across=2, layers=1, elastic=False)
    assert point_group(built.atoms) == "4/mmm"
    assert step(built, "wall")["shared_halides"] == 8


def test_each_side_takes_its_own_length_across():
    built = build(PEROVSKITES, (6, 6), layers=2, strain="second")
    strain = {r.name: np.diag(r.strain) for r in built.regions}
    own = [crystal.cell[0, 0] for crystal in PEROVSKITES]
    assert built.atoms.cell[0, 0] == pytest.approx(2 * own[0])  # the later part is strained
    assert abs(strain["a"][0]) < 3e-3
    assert strain["b"][0] == pytest.approx(own[0] / own[1] - 1, abs=3e-3)
    assert abs(strain["b"][1]) < 0.5 * strain["b"][0]
    total = built.atoms.cell[1, 1]
    assert 6 * sum(own) * 0.97 < total < 6 * sum(own) * 1.01


def test_molecules_are_whole_and_checks_pass():
    built = build(BA, (4, 4), line=(1, 1))
    atoms = built.atoms
    ids = atoms.arrays[MOLECULE]
    assert np.bincount(ids)[1:].tolist() == [len(built.molecules[0].numbers)] * ids.max()
    findings = check(built).findings
    assert not [f.message for f in findings if f.level == "error"]


def test_free_side_faces_are_neutral():
    built = build(PEROVSKITES, (3, 2, 3), layers=2, periodic=(True, False))
    assert built.atoms.pbc.tolist() == [True, False, False]
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0)
    # One A cation too many in each period of a rod with faces of A and X: two periods, two ions.
    assert [(e.action, e.species, e.count) for e in built.ledger] == [("removed", "Cs", 2)]
    assert step(built, "wall")["line_A"] == pytest.approx(2 * built.atoms.cell[0, 0], abs=1e-3)


def test_the_profile_mixes_rows_at_the_wall():
    sharp = build(BA, (6, 6), line=(1, 1))
    mixed = build(BA, (6, 6), line=(1, 1), profile=WallProfile(kind="erf", width=12.0))
    for built in (sharp, mixed):
        assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0)
    region = mixed.atoms.arrays[REGION]
    bromine = mixed.atoms.numbers == 35
    assert (bromine & (region == 1)).any()
    assert not ((sharp.atoms.numbers == 35) & (sharp.atoms.arrays[REGION] == 1)).any()
    # In the middle of a part nothing is mixed.
    layer = mixed.atoms.arrays["layer"]
    assert not (bromine & (region == 1) & (layer == layer[region == 1].min())).any()


def test_shares_are_areas():
    square = Pattern(kind="core_crown", parts=2, widths=(4, 2), across=4, length=1)
    assert owned_shares(square).tolist() == [16 / 64, 48 / 64]
    row = Pattern(kind="stripes", parts=2, widths=(1, 2, 3), across=1, length=1)
    assert np.allclose(owned_shares(row), [4 / 6, 2 / 6])


def test_the_same_seed_gives_the_same_atoms():
    one, other = (
        build(PEROVSKITES, (3, 3), profile=WallProfile(kind="linear", width=10.0)) for _ in range(2)
    )
    assert np.array_equal(one.atoms.positions, other.atoms.positions)
    assert np.array_equal(one.atoms.numbers, other.atoms.numbers)
