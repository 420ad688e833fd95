from __future__ import annotations

import numpy as np
import pytest

from heterobuild.assembly.filling import Frame
from heterobuild.assembly.notices import (
    composition_notices,
    nonpolar_faces,
    polarity_notices,
    strain_notices,
    temperature_notices,
)
from heterobuild.assembly.part import strained_part
from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab


def part(name, face="001", stretch=1.0, **options):
    slab = cut_slab(load_crystal(name), face, layers=1, **options)
    frame = Frame(cell=stretch * slab.stacking.cell[:2, :2], repeats=(1, 1), seed=0)
    return strained_part(
        "film",
        slab,
        frame,
        stretch=stretch * np.eye(2),
        rotation=np.eye(3),
        supercell=np.eye(2, dtype=int),
    )


def test_a_polar_face_names_faces_that_are_not():
    (text,) = polarity_notices(part("CsPbBr3_cubic", "111"))
    assert "every stoichiometric cut" in text
    assert "(001) from PbBr2" in text


@pytest.mark.parametrize(("face", "count"), [("001", 0), ("111", 1), ("110", 1)])
def test_only_polar_cuts_are_told(face, count):
    assert len(polarity_notices(part("CsPbBr3_cubic", face))) == count


def test_a_bottom_that_is_not_polar_is_named():
    # Fluorite (111): F–Ca–F is neutral, Ca–F–F is not.
    slab = part("CaF2", "111", bottom="Ca").slab
    (text,) = polarity_notices(part("CaF2", "111", bottom="Ca"))
    assert "not polar where the bottom is plane" in text
    number = int(text.split("plane ")[-1].split(" ")[0])
    again = cut_slab(slab.crystal, "111", layers=1, bottom=number)
    assert abs(again.dipole) < 1e-6


def test_faces_that_are_not_polar_have_no_dipole():
    for told in nonpolar_faces(load_crystal("CsPb2Br5")):
        face, plane = told.split(" from ")
        number = int(plane.split("plane ")[1].rstrip(")"))
        slab = cut_slab(
            load_crystal("CsPb2Br5"), [int(digit) for digit in face.strip("()")], bottom=number
        )
        assert slab.tasker != "III"


def test_strain_on_assumed_constants():
    assert strain_notices(part("BA2PbI4", stretch=1.01))
    assert strain_notices(part("BA2PbI4")) == ()
    assert strain_notices(part("CsPbBr3_cubic", stretch=1.01)) == ()


def test_each_pair_of_distant_temperatures_is_told_once():
    parts = [part(name) for name in ("CsPbBr3_cubic", "CsPbI3_alpha", "CsPbBr3_cubic", "graphene")]
    assert len(temperature_notices(*parts)) == 3
    assert temperature_notices(parts[0], parts[2]) == ()
    first = temperature_notices(parts[0], parts[1])[0]
    assert first.startswith("the cells of CsPbI3_alpha (634 K) and CsPbBr3_cubic (425 K)")


def test_shares_that_do_not_fit():
    assert composition_notices(part("CsPbBr3_cubic")) == ()
    assert "repeat the common cell" in composition_notices(part("FA0.83Cs0.17PbI3"))[0]
