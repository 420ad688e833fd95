import pytest

from heterobuild import load_crystal
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.screening.targets import find_target


def test_a_crystal_gives_its_mean_edge_and_temperature():
    target = find_target(load_crystal("CsPbBr3_cubic"))
    assert (target.length, target.temperature) == (pytest.approx(5.874), 425)
    assert target.uncertainty == pytest.approx(0.002 * 5.874)


def test_a_bare_formula_means_the_perovskite_and_says_so():
    target = find_target("CsPbI3")
    assert target.crystal.name == "CsPbI3_gamma"
    assert "CsPbI3_delta is not a perovskite" in target.notices[0]


@pytest.mark.parametrize("name", ["CsPbI3_delta", "delta-CsPbI3", "Cs4PbBr6"])
def test_a_crystal_without_a_cube_is_refused(name):
    with pytest.raises(UsageError, match="no pseudo-cubic or cubic cell"):
        find_target(name)


@pytest.mark.parametrize("length", [0, -6.2, float("nan"), float("inf")])
def test_what_is_no_length_is_refused(length):
    with pytest.raises(UsageError, match="above zero"):
        find_target(length)


def test_unknown_names():
    with pytest.raises(UnknownNameError):
        find_target("CsPbQ3")
