from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.assembly.filling import Frame
from heterobuild.assembly.interfaces import bring_all_together, per_interface
from heterobuild.assembly.part import strained_part
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.slabs import cut_slab


def part(name, crystal="CsPbBr3_cubic", repeats=(1, 1)):
    slab = cut_slab(load_crystal(crystal), "001", layers=1)
    cell = slab.stacking.cell[:2, :2]
    frame = Frame(cell=cell, repeats=repeats, seed=3)
    one = np.eye(2, dtype=int)
    made = strained_part(name, slab, frame, stretch=np.eye(2), rotation=np.eye(3), supercell=one)
    return made, frame


def test_an_endless_stack_closes():
    made, frame = part("A")
    parts = [made, replace(made, name="A (2)")]
    contacts = bring_all_together(
        parts, frame, made, gaps=["auto", 3.0], shifts=[(0.0, 0.0), (0.5, 0.0)]
    )
    assert [(one.lower, one.upper) for one in contacts] == [("A", "A (2)"), ("A (2)", "A")]
    assert contacts[0].gap == pytest.approx(5.874 / 2)
    assert contacts[1].gap == 3.0
    assert np.abs(contacts[1].shift) == pytest.approx([5.874 / 2, 0])
    assert contacts[0].continues
    assert not contacts[1].continues


def test_one_value_stands_for_all_interfaces():
    assert per_interface("gaps", 3.0, "auto", 2) == [3.0, 3.0]
    assert per_interface("shifts", (), (0.0, 0.0), 2) == [(0.0, 0.0)] * 2


def test_lists_have_one_entry_an_interface():
    with pytest.raises(UsageError, match="gaps has one entry an interface") as caught:
        per_interface("gaps", (3.0, "auto"), "auto", 3)
    assert "found 2 entries" in str(caught.value)
    assert "allowed 3, from below" in str(caught.value)
