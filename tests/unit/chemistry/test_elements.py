from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.elements import (
    covalent_radius,
    covalent_table,
    vdw_radius,
    vdw_table,
)
from heterobuild.errors import UnknownNameError


# Cordero et al. 2008, table 2.
@pytest.mark.parametrize(
    ("symbol", "radius"), [("H", 0.31), ("C", 0.76), ("N", 0.71), ("O", 0.66), ("I", 1.39)]
)
def test_covalent_radii(symbol, radius):
    assert covalent_radius(symbol) == radius


# Alvarez 2013, table 1.
@pytest.mark.parametrize(
    ("symbol", "radius"),
    [("H", 1.20), ("C", 1.77), ("N", 1.66), ("O", 1.50), ("S", 1.89), ("Cl", 1.82), ("Br", 1.86)],
)
def test_van_der_waals_radii(symbol, radius):
    assert vdw_radius(symbol) == radius


@pytest.mark.parametrize("lookup", [covalent_radius, vdw_radius])
@pytest.mark.parametrize("symbol", ["Xx", "X", "MA"])
def test_unknown_element_is_a_clear_error(lookup, symbol):
    with pytest.raises(UnknownNameError, match=symbol):
        lookup(symbol)


@pytest.mark.parametrize("table", [covalent_table(), vdw_table()])
def test_tables_are_read_only_and_nan_where_unknown(table):
    assert table.shape == (119,)
    assert np.isnan(table[0])
    assert (table[[1, 6, 17, 55, 82]] > 0.3).all()
    with pytest.raises(ValueError, match="read-only"):
        table[1] = 0
