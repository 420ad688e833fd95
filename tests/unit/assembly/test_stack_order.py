from __future__ import annotations

import pytest

from heterobuild.assembly.stack_order import stack_order
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.slabs import cut_slab


@pytest.fixture(scope="module")
def slabs():
    return [
        cut_slab(load_crystal(name), "001", layers=1) for name in ("CsPbBr3_cubic", "CsPbCl3_cubic")
    ]


def test_parts_stand_as_given(slabs):
    order = stack_order(slabs, ())
    assert list(order.slabs) == ["substrate", "layer-1"]
    assert order.reference == "substrate"


def test_a_sequence_repeats_parts(slabs):
    order = stack_order(slabs, ("A", "B"), sequence=("B", "A", "B"), times=2, reference="A")
    assert list(order.slabs) == ["B", "A", "B (2)", "B (3)", "A (2)", "B (4)"]
    assert list(order.part_of.values()) == ["B", "A", "B", "B", "A", "B"]
    assert order.slabs["B (3)"] is slabs[1]
    assert order.reference == "A"


def test_turned_parts_are_turned_once(slabs):
    order = stack_order(slabs, ("A", "B"), sequence=("A", "B", "A"), turned=("A",))
    assert order.slabs["A"].flipped
    assert order.slabs["A (2)"] is order.slabs["A"]
    assert order.slabs["A"].bottom.formula == slabs[0].top.formula
    assert not order.slabs["B"].flipped


def test_one_part_may_be_its_own_stack(slabs):
    order = stack_order(slabs[:1], ("A",), times=3)
    assert list(order.slabs) == ["A", "A (2)", "A (3)"]


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        (("A", "A"), {}, "rename one A"),
        (("A",), {}, "give one name a part"),
        (("A", "B"), {"sequence": ("A", "b")}, "there is no part 'b'"),
        (("A", "B"), {"reference": "C"}, "there is no part 'C'"),
        (("A", "B"), {"turned": ("D",)}, "there is no part 'D'"),
        (("A", "B"), {"sequence": ("A", "A")}, "the part B is never used"),
    ],
)
def test_bad_orders(slabs, names, options, message):
    with pytest.raises(UsageError, match=message):
        stack_order(slabs, names, **options)


def test_one_layer_is_no_stack(slabs):
    with pytest.raises(UsageError, match="at least two layers"):
        stack_order(slabs[:1], ("A",))
