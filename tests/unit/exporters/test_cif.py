from __future__ import annotations

import dataclasses

import gemmi
import numpy as np
import pytest

from heterobuild.exporters.cif import export
from heterobuild.exporters.formats import ExportOptions


def text_of(built):
    return b"".join(export(built, ExportOptions()).chunks).decode()


def block_of(built):
    return gemmi.cif.read_string(text_of(built)).sole_block()


def test_tags_and_formula(built):
    block = block_of(built)
    assert block.name == "hand-made"
    assert block.find_value("_chemical_formula_sum") == "'C H Br4 Cs2 N Pb'"
    assert block.find_value("_cell_formula_units_Z") == "1"
    assert block.find_value("_space_group_name_H-M_alt") == "'P 1'"
    assert block.find_value("_space_group_IT_number") == "1"
    assert list(block.find_loop("_space_group_symop_operation_xyz")) == ["'x, y, z'"]
    assert float(block.find_value("_cell_angle_gamma")) == 90


def test_atom_types_carry_formal_charges(built):
    block = block_of(built)
    types = dict(
        zip(
            block.find_loop("_atom_type_symbol"),
            block.find_loop("_atom_type_oxidation_number"),
            strict=True,
        )
    )
    assert types == {"Cs1+": "1", "Pb2+": "2", "Br1-": "-1", "C": "0", "N1+": "1", "H": "0"}
    assert set(block.find_loop("_atom_site_type_symbol")) == set(types)


def test_labels_count_each_element(built):
    labels = list(block_of(built).find_loop("_atom_site_label"))
    assert labels == ["Br1", "Cs1", "Pb1", "Br2", "Br3", "Cs2", "Br4", "N1", "C1", "H1"]


def test_one_element_with_two_charges_has_two_types(built):
    built.atoms.arrays["formal_charge"][0] = -1 / 3
    block = block_of(built)
    assert "Br0.33333-" in list(block.find_loop("_atom_type_symbol"))
    assert next(iter(block.find_loop("_atom_site_type_symbol"))) == "Br0.33333-"


def test_z_divides_the_counts(built):
    atoms = built.atoms[[1, 5, 0, 3]]
    block = block_of(dataclasses.replace(built, atoms=atoms))
    assert block.find_value("_chemical_formula_sum") == "'Br Cs'"
    assert block.find_value("_cell_formula_units_Z") == "2"


@pytest.mark.parametrize(("name", "block"), [("Cs₂ demo #1", "Cs__demo__1"), ("x" * 200, "x" * 70)])
def test_block_name_is_valid(built, name, block):
    text = text_of(dataclasses.replace(built, name=name))
    assert text.startswith(f"data_{block}\n")
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80


def test_integers_are_integers(built):
    occupancies = set(block_of(built).find_loop("_atom_site_occupancy"))
    assert occupancies == {"1"}
    assert np.char.isdigit(block_of(built).find_value("_cell_formula_units_Z"))
