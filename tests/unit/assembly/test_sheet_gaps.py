from __future__ import annotations

import numpy as np
import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.assembly.sheet_gaps import sheet_gap
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab

LIMITS = MatchLimits(max_strain=0.03, max_area=100)


def sheets(bottom, top, **options):
    film = cut_slab(load_crystal("PEA2PbBr4"), "001", layers=1, bottom=bottom, top=2)
    base = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, bottom="CsBr", top=top)
    built = Vertical(limits=LIMITS, **options).build(film, base)
    return built, [step.values for step in built.steps if step.name == "inorganic sheets"]


def test_shared_ammonium_planes_keep_the_spacing_of_sheets():
    built, (values,) = sheets(1, "PbBr2")
    # Two layers of PEA: 1.67 nm in the crystal, whose normal strain is −0.9 % here.
    strain = built.regions[1].strain[2, 2]
    assert values["metal_planes_A"] == pytest.approx(16.66 * (1 + strain), abs=0.01)
    lead = np.sort(built.atoms.positions[built.atoms.numbers == 82, 2])
    assert np.diff(lead).max() == pytest.approx(values["metal_planes_A"], abs=1e-3)
    bonds = 2 * 2.944
    assert values["halide_planes_A"] == pytest.approx(values["metal_planes_A"] - bonds, abs=0.02)


def test_bonded_sheets_have_no_spacers_between():
    _, (values,) = sheets(0, "CsBr")
    assert values["halide_planes_A"] is None
    assert values["metal_planes_A"] == pytest.approx(2 * 2.937)


def test_touching_spacers():
    built, (values,) = sheets(3, "CsBr")
    gap = next(step.values["gap_A"] for step in built.steps if step.name == "gap")
    strain = built.regions[1].strain[2, 2]
    # Half a cell of CsPbBr3, the gap, and from the spacers to the metals of the sheet.
    expected = 5.874 / 2 + gap + (16.66 - 11.24) * (1 + strain)
    assert values["metal_planes_A"] == pytest.approx(expected, abs=0.02)


def test_the_same_from_below():
    _, (above,) = sheets(3, "CsBr")
    film = cut_slab(load_crystal("PEA2PbBr4"), "001", layers=1, bottom=3, top=2)
    base = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, bottom="CsBr", top="CsBr")
    built = Vertical(limits=LIMITS, below="film").build(film, base)
    (values,) = [step.values for step in built.steps if step.name == "inorganic sheets"]
    assert values["halide_planes_A"] == pytest.approx(above["halide_planes_A"], abs=0.3)


def test_nothing_is_told_without_spacers(bring):
    film, substrate, _ = bring(("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "PbCl2"))
    assert sheet_gap(substrate, film, 3.0) is None
