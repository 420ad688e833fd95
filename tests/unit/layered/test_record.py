"""Names, formulas, axes and notices of layered models."""

from __future__ import annotations

import pytest

from heterobuild.layered.building import layered_crystal
from heterobuild.layered.options import LayeredIons, LayeredOptions

IONIC = LayeredIons(spacer="Cs", a="Cs", b="Pb", x="Br")


@pytest.mark.parametrize(
    ("ions", "sequence", "formula", "phase"),
    [
        (IONIC, (1,), "Cs2PbBr4", "RP n=1"),
        (IONIC, (3,), "Cs4Pb3Br10", "RP n=3"),
        (IONIC, (1, 2), "Cs5Pb3Br11", "RP n=1,2"),
        (IONIC, (1, 2, 2), "Cs8Pb5Br18", "RP n=1,2,2"),
        (LayeredIons(spacer="Rb", b="Sn", x="Cl", terminal="I"), (1,), "Rb2SnI2Cl2", "RP n=1"),
    ],
)
def test_formula_and_phase_by_hand(
    ions: LayeredIons, sequence: tuple[int, ...], formula: str, phase: str
) -> None:
    crystal = layered_crystal(ions, sequence)
    assert (crystal.formula, crystal.phase) == (formula, phase)
    assert len(crystal.require_atoms()) % crystal.z == 0


def test_notices_tell_lengths_and_errors() -> None:
    crystal = layered_crystal(IONIC, (2,))
    (notice,) = crystal.notices
    spacing = crystal.cell[2, 2] / 2
    assert notice.startswith("Cs3Pb2Br7_rp: a model")
    assert f"{crystal.cell[0, 0]:.3f} Å" in notice
    assert f"{spacing:.2f} Å" in notice
    assert "expected error" in notice


def test_symmetry_is_found_and_tilts_lower_it() -> None:
    assert layered_crystal(IONIC, (2,)).space_group_number == 139
    turned = layered_crystal(IONIC, (2,), options=LayeredOptions(rotation=8.0))
    assert 1 < turned.space_group_number < 139
    assert turned.pseudocubic[0].tolist() == [0.5, -0.5, 0]
