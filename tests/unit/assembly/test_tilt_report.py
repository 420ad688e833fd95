import json

import numpy as np
import pytest

from heterobuild.assembly.contact import bring_together
from heterobuild.assembly.filling import Frame
from heterobuild.assembly.stack import stack_parts
from heterobuild.assembly.tilt_report import tilt_step


@pytest.fixture
def step(bring):
    def of(film, substrate, bottom=None):
        ours, theirs, cell = bring((film, "001pc", bottom), (substrate, "001pc", None))
        frame = Frame(cell=cell, repeats=(1, 1), seed=0)
        contacts = [bring_together(theirs, ours, frame)]
        atoms, _ = stack_parts([theirs, ours], contacts, frame.whole)
        return tilt_step(atoms, [theirs, ours], contacts, frame), atoms

    return of


def test_angles_are_told_plane_by_plane(step):
    told, _ = step("CsPbBr3_cubic", "CsPbBr3_orthorhombic")
    planes = told.values["planes"]
    assert [(plane["part"], plane["signs"]) for plane in planes] == [
        ("substrate", "--+"),
        ("substrate", "--+"),
        ("film", "000"),
        ("film", "000"),
    ]
    assert np.abs(planes[0]["angles_deg"]) == pytest.approx([5.44, 5.44, 9.95], abs=0.01)
    assert told.choice.startswith("kept: substrate 5.4°- 5.4°- 10.0°+")
    assert told.choice.endswith("; film untilted")
    json.dumps(told.values, allow_nan=False)


def test_bonds_are_those_of_the_atoms(step):
    told, atoms = step("CsPbBr3_cubic", "CsPbBr3_orthorhombic")
    metals = np.flatnonzero(atoms.numbers == 82)
    apart = atoms.get_all_distances(mic=True)[metals][:, atoms.numbers == 35]
    bonds = apart[apart < 3.5]
    assert told.values["bond_lengths_A"] == pytest.approx([bonds.min(), bonds.max()], abs=1e-3)
    assert 150 < told.values["bridge_angles_deg"][0] < told.values["bridge_angles_deg"][1] <= 180


def test_nothing_is_told_without_a_common_network(step):
    assert step("CsPbBr3_cubic", "CsPbBr3_orthorhombic", bottom="PbBr2")[0] is None
