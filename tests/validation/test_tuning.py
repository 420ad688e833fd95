"""Compositions against closed forms and published pairs of dots and matrices."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild import tune

# Axes a, b, c in Å of orthorhombic CsPbBr3, 10.1023/A:1022836800820 (Pnma, 298 K): a/√2, b/2 and
# c/√2 are its pseudo-cubic edges.
BROMIDE = np.mean([8.207 / 2**0.5, 11.759 / 2, 8.255 / 2**0.5])
TOLERANCE = 0.05
"""Percentage points."""


# Liu et al. 2021, 10.1021/jacs.1c02148: undoped CsPbI3 dots in CsPb(Br0.33I0.67)3; 1.9 % of
# the matrix by linear mixing.
def test_undoped_iodide_dot_in_a_mixed_matrix():
    found = tune("CsPb(Br_xI_1-x)3", "CsPbI3_gamma", bounds={"x": (0.33, 1.0)})
    assert found.fractions["x"] == 0.33
    assert "orthorhombic phases" in found.rule
    assert 100 * (1 / (1 + found.misfit) - 1) == pytest.approx(1.9, abs=TOLERANCE)


# The same dot contracted until it fits: the composition follows from the two lengths alone.
@pytest.mark.parametrize("x", [0.1, 0.33, 0.9])
def test_closed_form_for_a_contracted_dot(x):
    iodide = tune("CsPb(Br_xI_1-x)3", "CsPbI3_gamma").target.length
    found = tune("CsPb(Br_xI_1-x)3", iodide + x * (BROMIDE - iodide))
    assert found.fractions["x"] == pytest.approx(x, abs=1e-3)
    assert found.misfit == pytest.approx(0, abs=1e-9)


# Liu et al. 2022, 10.1021/jacs.1c12556: below 0.5 percent at any strontium content.
@pytest.mark.parametrize("x", [0.0, 0.2, 0.5, 1.0])
def test_strontium_matrix_fits_its_dots_at_any_content(x):
    found = tune("CsPb_1-xSr_xBr3", "CsPbBr3", bounds={"x": (x, x)})
    assert found.fractions["x"] == x
    assert abs(found.misfit) < 0.005
    assert max(map(abs, found.member_misfits)) < 0.005


# Wang et al. 2017, 10.1038/nenergy.2017.135, use FA0.83Cs0.17Pb(IyBr1-y)3: the length is
# bilinear between the four cubic end members.
def test_two_sites_are_bilinear():
    found = tune("FA0.83Cs0.17Pb(I_yBr_1-y)3", 6.3, phase="cubic", bounds={"y": (0.6, 0.6)})
    lengths = {member.formula: member.length for member in found.members}
    iodide = 0.83 * lengths["FAPbI3"] + 0.17 * lengths["CsPbI3"]
    bromide = 0.83 * lengths["FAPbBr3"] + 0.17 * lengths["CsPbBr3"]
    assert found.length == pytest.approx(0.6 * iodide + 0.4 * bromide)
