import numpy as np
import pytest

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.chemistry.elasticity import stiffness
from heterobuild.compounds import load_crystal


def test_a_mixed_crystal_has_the_mean_of_its_end_members():
    found = crystal_stiffness(load_crystal("CsPb(Br0.25I0.75)3:cubic"))
    bromide, iodide = (stiffness(f"CsPb{x}3_cubic", f"CsPb{x}3").matrix for x in ("Br", "I"))
    assert found.matrix == pytest.approx(0.25 * bromide + 0.75 * iodide)
    assert np.linalg.eigvalsh(found.matrix).min() > 0


def test_an_unknown_end_member_leaves_the_default():
    found = crystal_stiffness(load_crystal("CsPb0.9Sr0.1Br3"))
    assert found.assumed == stiffness("CsSrBr3_orthorhombic", "CsSrBr3").assumed


def test_a_pure_crystal_has_its_own():
    crystal = load_crystal("CsPbBr3_cubic")
    own = stiffness("CsPbBr3_cubic", "CsPbBr3")
    assert (crystal_stiffness(crystal).matrix == own.matrix).all()
