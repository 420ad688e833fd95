from dataclasses import replace

import pytest

from heterobuild.chemistry.bands import band_edges
from heterobuild.compounds import load_crystal
from heterobuild.screening.crystal_edges import crystal_edges, table_name


def test_two_mixed_sites_take_the_product_of_the_shares():
    found = crystal_edges(load_crystal("FA0.75Cs0.25Pb(Br0.5I0.5)3"))
    gaps = [
        band_edges(f"{cation}Pb{halide}3").gap for cation in ("FA", "Cs") for halide in ("Br", "I")
    ]
    assert found.gap == pytest.approx(0.375 * (gaps[0] + gaps[1]) + 0.125 * (gaps[2] + gaps[3]))


def test_the_same_number_as_tune():
    from heterobuild.screening.tune import tune

    wanted = tune("MAPb(Br_xI_1-x)3", 6.1, bounds={"x": (0.4, 0.4)})
    assert crystal_edges(load_crystal("MAPb(Br0.4I0.6)3")) == wanted.edges


def test_phases_of_the_library_keep_their_own_edges():
    assert crystal_edges(load_crystal("CsPbI3_delta")).gap == 2.80
    mine = replace(load_crystal("CsPbI3_delta"), phase="user", origin="file", pseudocubic=None)
    assert table_name(mine) == ""
    assert crystal_edges(mine) is None
