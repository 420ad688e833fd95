from __future__ import annotations

import pytest

from heterobuild.chemistry.bands import band_edges, reported_alignments
from heterobuild.data_files import read_toml


def kinds(phase, other):
    return [entry.kind for entry in reported_alignments(phase, other)]


def test_polymorphs_of_the_perovskite_share_a_report():
    assert kinds("CsPbBr3_orthorhombic", "CsPb2Br5") == kinds("CsPb2Br5", "CsPbBr3") == ["I"]
    assert kinds("CsPbBr3_delta", "CsPb2Br5") == []


def test_long_names_mean_the_same():
    assert kinds("CH3NH3PbBr3", "MAPbI3_tetragonal") == ["quasi-II"]


# Review of 2026, section 4.2: n = 1, 2 are of type I on MAPbI3, n > 3 of type II.
@pytest.mark.parametrize(
    ("layered", "expected"),
    [("BA2PbI4", ["I"]), ("BA2MAPb2I7", ["I"]), ("BA2MA2Pb3I10", []), ("BA2MA3Pb4I13", ["II"])],
)
def test_series_are_known_member_by_member(layered, expected):
    assert kinds(layered, "MAPbI3") == expected


@pytest.mark.parametrize("pair", [("NaCl", "CsPbBr3"), ("", ""), ("CsPbBr3", "CsPbBr3")])
def test_nothing_reported(pair):
    assert reported_alignments(*pair) == ()


def test_the_wide_phase_has_the_wider_gap():
    for entry in read_toml("bands.toml")["alignments"]:
        for name in entry.get("wide_phases", [entry["wide"]]):
            wide, narrow = band_edges(name), band_edges(entry["narrow"])
            assert wide is None or narrow is None or wide.gap > narrow.gap, name
