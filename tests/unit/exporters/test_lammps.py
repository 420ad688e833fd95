from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.exporters.formats import ExportOptions
from heterobuild.exporters.lammps import export


def text_of(built, **options):
    return b"".join(export(built, ExportOptions(**options)).chunks).decode()


def rows_of(text):
    return [line.split() for line in text.split("Atoms # full\n\n")[1].splitlines()]


def moved(built, **changes):
    atoms = built.atoms.copy()
    for name, value in changes.items():
        setattr(atoms, name, value)
    return dataclasses.replace(built, atoms=atoms)


def test_header_by_hand(built):
    text = text_of(built)
    assert "units metal or real" in text.splitlines()[0]
    assert "10 atoms\n6 atom types\n" in text
    assert "0.0 6.0 xlo xhi\n0.0 6.0 ylo yhi\n0.0 20.0 zlo zhi\n\nMasses" in text
    assert "1 132.90545196 # Cs\n2 207.2 # Pb\n" in text
    middle = "3.0000000000"
    assert rows_of(text)[2] == ["3", "0", "2", "2.0", middle, middle, middle, "0", "0", "0"]


def test_charges_are_formal(built):
    assert sum(float(row[3]) for row in rows_of(text_of(built))) == 1.0


def test_molecules_have_ids_and_ions_none(built):
    text = text_of(built)
    assert text.splitlines()[0].endswith("atom_style full")
    assert [row[1] for row in rows_of(text)] == ["0"] * 7 + ["1"] * 3
    assert export(built, ExportOptions()).facts["atom_style"] == "full"


def test_ions_alone_have_no_column_of_molecules(built):
    ions = dataclasses.replace(built, atoms=built.atoms[:7])
    text = text_of(ions)
    assert text.splitlines()[0].endswith("atom_style charge")
    rows = [row.split() for row in text.split("Atoms # charge\n\n")[1].splitlines()]
    assert [row[1] for row in rows] == ["3", "1", "2", "3", "3", "1", "3"]
    asked = [row[1] for row in rows_of(text_of(ions, lammps_style="full"))]
    assert asked == ["0"] * 7


def test_the_style_of_charges_drops_the_ids(built):
    text = text_of(built, lammps_style="charge")
    (first, *_), full = (
        [line.split() for line in part.split("\n\n")[-1].splitlines()]
        for part in (text, text_of(built))
    )
    assert first == [full[0][0], *full[0][2:]]


def test_unknown_styles_are_refused(built):
    with pytest.raises(UsageError, match=r"unknown atom style 'ful'.*full"):
        text_of(built, lammps_style="ful")


def test_absent_elements_keep_their_type(built):
    order = ("Rb", "Cs", "Sn", "Pb", "I", "Br", "C", "N", "H")
    text = text_of(built, species_order=order)
    assert "9 atom types" in text
    assert "3 118.71 # Sn" in text
    assert {row[2] for row in rows_of(text)} == {"2", "4", "6", "7", "8", "9"}
    assert export(built, ExportOptions(species_order=order)).facts["types"] == list(order)


def test_tilted_boxes_have_a_tilt_line(built):
    cell = np.array([[6.0, 0, 0], [2.0, 5.0, 0], [1.0, -2.0, 20.0]])
    text = text_of(moved(built, cell=cell))
    assert "2.0 1.0 -2.0 xy xz yz" in text


def test_wrapped_atoms_carry_image_flags(built):
    positions = built.atoms.positions.copy()
    positions[0] = [-1.0, 13.0, -0.5]
    row = rows_of(text_of(moved(built, positions=positions)))[0]
    assert [float(x) for x in row[4:7]] == [5.0, 1.0, 19.5]
    assert row[7:] == ["-1", "2", "-1"]


def test_left_handed_cells_are_refused(built):
    with pytest.raises(UsageError, match="mirror image"):
        text_of(moved(built, cell=built.atoms.cell.array[[1, 0, 2]]))


def test_a_slab_that_leaves_the_box_moves_the_box(built):
    positions = built.atoms.positions - [0, 0, 2.0]
    text = text_of(moved(built, positions=positions, pbc=(True, True, False)))
    low, high = (float(word) for word in text.split(" zlo zhi")[0].splitlines()[-1].split())
    heights = [float(row[6]) for row in rows_of(text)]
    assert high - low == pytest.approx(20.0)
    assert low < min(heights)
    assert max(heights) < high
    assert {row[9] for row in rows_of(text)} == {"0"}


def test_a_slab_higher_than_its_cell_is_refused(built):
    positions = built.atoms.positions * [1, 1, 2]
    with pytest.raises(UsageError, match="not periodic"):
        text_of(moved(built, positions=positions, pbc=(True, True, False)))
