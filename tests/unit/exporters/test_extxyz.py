from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest
from ase.io import read

from heterobuild.exporters.extxyz import export
from heterobuild.exporters.formats import ExportOptions


def read_back(built):
    text = b"".join(export(built, ExportOptions()).chunks).decode()
    return read(io.StringIO(text), format="extxyz")


def test_names_of_codes(built):
    info = read_back(built).info
    assert info["regions"] == {"1": "substrate", "2": "film"}
    assert info["crystals"] == {"1": "CsPbBr3", "2": "MAPbCl3"}
    assert info["kinds"] == {"1": "MA"}
    assert info["sites"]["3"] == "X"
    assert info["notices"] == ['the cell of "X" is estimated\\']


@pytest.mark.parametrize("name", ["T", "7", "a b=c", 'x"y', "back\\slash", "Å–₃", "{[", "1 2 3"])
def test_any_name_survives(built, name):
    assert read_back(dataclasses.replace(built, name=name)).info["name"] == name


def test_empty_tables_are_left_out(built):
    info = read_back(dataclasses.replace(built, molecules=(), notices=())).info
    assert "kinds" not in info
    assert "notices" not in info


def test_labels_come_back(built):
    got = read_back(built)
    assert got.arrays["layer"].tolist() == built.atoms.arrays["layer"].tolist()
    assert got.arrays["molecule"].tolist() == built.atoms.arrays["molecule"].tolist()
    assert got.arrays["formal_charge"].tolist() == built.atoms.arrays["formal_charge"].tolist()


def test_further_arrays_come_back(built):
    n = len(built.atoms)
    arrays = {
        "local_strain": np.linspace(-0.1, 0.1, n) / 3,
        "shell": np.arange(n) - 4,
        "displacement": np.linspace(0, 1, 3 * n).reshape(n, 3) / 7,
        "single": np.linspace(0, 1, n).astype(np.float32),
    }
    built.atoms.arrays.update(arrays)
    built.atoms.arrays["name with = blanks"] = np.zeros(n)
    built.atoms.arrays["words"] = np.array(["x"] * n)
    got = read_back(built).arrays
    for name, values in arrays.items():
        assert got[name].tolist() == values.tolist()
        assert got[name].dtype.kind == values.dtype.kind
    assert not {"name with = blanks", "words"} & set(got)
    assert got["layer"].tolist() == built.atoms.arrays["layer"].tolist()


def test_values_that_atoms_lack_come_back_as_nan(built):
    values = np.linspace(-0.1, 0.1, len(built.atoms))
    values[::3] = np.nan
    built.atoms.arrays["local_strain"] = values
    got = read_back(built).arrays["local_strain"]
    assert got.dtype.kind == "f"
    assert np.array_equal(got, values, equal_nan=True)


@pytest.mark.parametrize("pbc", [(False, False, False), (False, True, True)])
def test_periodic_directions_come_back(built, pbc):
    built.atoms.pbc = pbc
    got = read_back(built)
    assert tuple(got.pbc) == pbc
    assert got.cell.array.tolist() == built.atoms.cell.array.tolist()
