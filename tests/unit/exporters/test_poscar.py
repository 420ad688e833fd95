from __future__ import annotations

import pytest

from heterobuild.errors import UsageError
from heterobuild.exporters.formats import ExportOptions
from heterobuild.exporters.poscar import export


def lines(built, **options):
    return b"".join(export(built, ExportOptions(**options)).chunks).decode().splitlines()


def test_header_by_hand(built):
    text = lines(built)
    assert text[0] == "hand-made"
    assert text[1] == "1.0"
    assert text[5:8] == ["Cs Pb Br C N H", "2 1 4 1 1 1", "Direct"]
    assert len(text) == 8 + 10


def test_sort_is_stable_and_kept(built):
    facts = export(built, ExportOptions()).facts
    assert facts["permutation"] == [1, 5, 2, 0, 3, 4, 6, 8, 7, 9]
    assert facts["species"] == ["Cs", "Pb", "Br", "C", "N", "H"]


def test_wanted_order_without_absent_elements(built):
    order = ("Pb", "I", "Br", "H", "C", "N", "Cs")
    text = lines(built, species_order=order)
    assert text[5:7] == ["Pb Br H C N Cs", "1 4 1 1 1 2"]


def test_selective_dynamics(built):
    text = lines(built, freeze_layers=1)
    assert text[7:9] == ["Selective dynamics", "Direct"]
    flags = [line.split()[3:] for line in text[9:]]
    frozen = [i for i, flag in enumerate(flags) if flag == ["F", "F", "F"]]
    assert frozen == [0, 3]  # the first Cs and the first Br
    assert all(flag == ["T", "T", "T"] for i, flag in enumerate(flags) if i not in frozen)


def test_coordinates_are_not_wrapped(built):
    built.atoms.positions[1, 2] = -1.0
    assert lines(built)[8].split() == ["0.000000000000", "0.000000000000", "-0.050000000000"]


def test_too_many_planes(built):
    with pytest.raises(UsageError, match="freeze_layers"):
        lines(built, freeze_layers=9)
