from __future__ import annotations

import pytest

from heterobuild.assembly.part_kinds import dispersion_bound, has_spacers, is_sheet
from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab


@pytest.mark.parametrize(
    ("name", "sheet", "spacers"),
    [
        ("graphene", True, False),
        ("hBN", True, False),
        ("MoS2", True, False),
        ("CsPbBr3_cubic", False, False),
        ("BA2PbI4", False, True),
        ("sapphire", False, False),
        ("PbI2", False, False),
    ],
)
def test_kinds_of_parts(name: str, sheet: bool, spacers: bool) -> None:
    slab = cut_slab(load_crystal(name), "001", layers=1)
    assert is_sheet(slab) is sheet
    assert has_spacers(slab) is spacers


def test_neutral_atoms_in_molecules_are_bound() -> None:
    # Most atoms of a spacer have no formal charge.
    atoms = cut_slab(load_crystal("BA2PbI4"), "001", layers=1).atoms
    assert (atoms.arrays["formal_charge"] == 0).any()
    assert not dispersion_bound(atoms).any()


def test_a_sheet_from_a_file_is_known_by_its_charges() -> None:
    atoms = cut_slab(load_crystal("graphene"), "001", layers=1).atoms.copy()
    atoms.arrays["site"][:] = 7
    assert dispersion_bound(atoms).all()
