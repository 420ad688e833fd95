from __future__ import annotations

import pytest

from heterobuild.chemistry.bands import band_edges
from heterobuild.data_files import read_toml


# Tao et al. 2019, 10.1038/s41467-019-10468-7.
@pytest.mark.parametrize(
    ("phase", "gap", "vbm", "cbm"),
    [("CsPbBr3", 2.36, -6.53, -4.17), ("MAPbCl3", 3.15, -6.92, -3.77)],
)
def test_published_edges(phase, gap, vbm, cbm):
    edges = band_edges(phase)
    assert (edges.gap, edges.vbm, edges.cbm) == (gap, vbm, cbm)
    assert edges.doi == "10.1038/s41467-019-10468-7"


def test_gap_is_the_distance_of_the_edges():
    for entry in read_toml("bands.toml")["levels"]:
        assert entry["cbm"] - entry["vbm"] == pytest.approx(entry["gap"], abs=0.011), entry["phase"]


def test_gap_grows_from_iodide_to_chloride():
    for cation in ("Cs", "MA", "FA"):
        gaps = [band_edges(f"{cation}Pb{halide}3").gap for halide in ("I", "Br", "Cl")]
        assert gaps == sorted(gaps)


def test_perovskite_polymorphs_share_an_entry_and_others_do_not():
    assert band_edges("CsPbBr3_orthorhombic") == band_edges("CsPbBr3")
    assert band_edges("CsPbI3_delta").gap == 2.80
    assert band_edges("CsSnI3_delta") is None


def test_long_and_short_names_agree():
    assert band_edges("CH3NH3PbI3") == band_edges("MAPbI3")
    assert band_edges("(R-MBA)2PbI4") == band_edges("RMBA2PbI4") is not None


def test_gap_alone_has_no_edges():
    edges = band_edges("Cs4PbBr6")
    assert (edges.gap, edges.vbm, edges.cbm) == (4.10, None, None)


@pytest.mark.parametrize("phase", ["NaCl", "no such phase", "", "CsPbBr3_nonsense"])
def test_nothing_known(phase):
    assert band_edges(phase) is None
