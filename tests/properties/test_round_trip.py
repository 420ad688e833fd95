"""Random atoms in random right-handed cells: every file holds the same matter, to the last bit
where the format can."""

from __future__ import annotations

import io

import gemmi
import numpy as np
from ase import Atoms
from ase.io import read
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild import labels
from heterobuild.exporters.formats import FORMATS, ExportOptions, find_exporter
from heterobuild.model import Heterostructure, Region

SYMBOLS = ("Cs", "Rb", "Pb", "Sn", "Br", "I", "Cl", "C", "N", "H")
ATOL = 2e-9


@st.composite
def rotations(draw):
    """Proper rotations from random quaternions."""
    w, x, y, z = draw(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(map(abs, q)) > 0.1))
    matrix = np.array(
        [
            [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
        ]
    )
    return matrix / (w * w + x * x + y * y + z * z)


@st.composite
def structures(draw):
    edges = draw(st.tuples(*[st.floats(3, 60)] * 3))
    tilts = draw(st.tuples(*[st.floats(-1.7, 1.7)] * 3))
    cell = np.diag(edges)
    cell[1, 0], cell[2, 0], cell[2, 1] = (
        tilts[0] * edges[0],
        tilts[1] * edges[0],
        tilts[2] * edges[1],
    )
    cell = cell @ draw(rotations())
    n = draw(st.integers(1, 8))
    fractions = np.array(
        draw(st.lists(st.tuples(*[st.floats(-1.5, 1.5)] * 3), min_size=n, max_size=n))
    )
    symbols = draw(st.lists(st.sampled_from(SYMBOLS), min_size=n, max_size=n))
    charges = draw(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1 / 3, 2.0]), min_size=n, max_size=n))
    zeros = np.zeros(n, dtype=int)
    atoms = labels.label(
        Atoms(symbols, positions=fractions @ cell, cell=cell, pbc=True),
        site=zeros + 7,
        molecule=zeros,
        kind=zeros,
        charge=np.array(charges),
        region=1,
        layer=draw(st.integers(-9, 9).filter(bool)),
    )
    region = Region(code=1, name="r", crystal="c", formula="f", cell=cell, strain=np.zeros((3, 3)))
    return Heterostructure(name="random", atoms=atoms, regions=(region,))


def text_of(built, name):
    return b"".join(find_exporter(name)(built, ExportOptions()).chunks).decode()


IMAGES = np.stack(np.meshgrid(*[np.arange(-12, 13)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)


def distances(cell, positions):
    """Shortest distances by brute force: ASE's minimum image misses some in very skew cells."""
    shifts = IMAGES @ np.asarray(cell)
    pairs = positions[:, None] - positions[None]
    return np.array(
        [[np.sqrt(((pair + shifts) ** 2).sum(axis=1).min()) for pair in row] for row in pairs]
    )


@given(structures())
@settings(max_examples=60, deadline=None)
def test_extxyz_is_lossless(built):
    got = read(io.StringIO(text_of(built, "extxyz")), format="extxyz")
    assert got.positions.tobytes() == built.atoms.positions.tobytes()
    assert got.cell.array.tobytes() == built.atoms.cell.array.tobytes()
    for name in labels.NAMES:
        np.testing.assert_array_equal(got.arrays[name], built.atoms.arrays[name])


@given(structures())
@settings(max_examples=60, deadline=None)
def test_poscar_keeps_positions(built):
    export = find_exporter("poscar")(built, ExportOptions())
    got = read(io.StringIO(b"".join(export.chunks).decode()), format="vasp")
    permutation = export.facts["permutation"]
    np.testing.assert_allclose(got.positions, built.atoms.positions[permutation], atol=ATOL)
    assert got.numbers.tolist() == built.atoms.numbers[permutation].tolist()
    assert sorted(permutation) == list(range(len(got)))


@given(structures())
@settings(max_examples=60, deadline=None)
def test_cif_keeps_distances(built):
    small = gemmi.make_small_structure_from_block(
        gemmi.cif.read_string(text_of(built, "cif")).sole_block()
    )
    cell = np.array(small.cell.orth.mat.tolist()).T
    positions = np.array([site.fract.tolist() for site in small.sites]) @ cell
    assert np.linalg.det(cell) > 0
    separations = [
        np.linalg.norm(where[:, None] - where[None], axis=-1)
        for where in (positions, built.atoms.positions)
    ]
    np.testing.assert_allclose(*separations, atol=5e-8)
    assert [site.element.name for site in small.sites] == built.atoms.get_chemical_symbols()


@given(structures())
@settings(max_examples=60, deadline=None)
def test_lammps_keeps_matter_hand_and_charge(built):
    text = text_of(built, "lammps")
    style = "full" if built.atoms.arrays["molecule"].any() else "charge"
    start = 4 if style == "full" else 3
    got = read(io.StringIO(text), format="lammps-data", atom_style=style)
    box = got.cell.array
    here = built.atoms
    assert np.linalg.det(box) > 0
    np.testing.assert_allclose(np.linalg.det(box), np.linalg.det(here.cell.array), rtol=1e-9)
    assert abs(box[1, 0]) <= 0.5 * box[0, 0]
    assert abs(box[2, 0]) <= 0.5 * box[0, 0]
    assert abs(box[2, 1]) <= 0.5 * box[1, 1]
    np.testing.assert_allclose(
        distances(box, got.positions), distances(here.cell, here.positions), atol=1e-7
    )
    rows = [line.split() for line in text.split(f"Atoms # {style}\n\n")[1].splitlines()]
    assert [float(row[start - 1]) for row in rows] == here.arrays["formal_charge"].tolist()
    wrapped = np.array([row[start : start + 3] for row in rows], dtype=float)
    fractions = np.linalg.solve(box.T, wrapped.T)
    assert fractions.min() > -1e-8
    assert fractions.max() < 1 + 1e-8
    whole = wrapped + np.array([row[start + 3 : start + 6] for row in rows], dtype=float) @ box
    differences = [where[1:] - where[:1] for where in (whole, here.positions)]
    gram = [steps @ steps.T for steps in differences]
    np.testing.assert_allclose(*gram, rtol=1e-9, atol=1e-5)
    if len(whole) > 3:
        volumes = [np.linalg.det(steps[:3]) for steps in differences]
        np.testing.assert_allclose(*volumes, rtol=1e-9, atol=1e-4)


@given(structures(), st.sampled_from(sorted(FORMATS)))
@settings(max_examples=30, deadline=None)
def test_same_structure_same_bytes(built, name):
    assert text_of(built, name) == text_of(built, name)
