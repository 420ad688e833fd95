import pytest

from heterobuild.errors import HeterobuildError, UnknownNameError, UsageError
from heterobuild.screening.scans import composition_name, is_scan, scan_fractions, split_scan

SERIES = "CsPb(Br_xI_1-x)3"


def names(text):
    series, phase, values = split_scan(text)
    return [composition_name(series, point, phase) for point in scan_fractions(series, values)]


def test_both_ends_belong_to_the_series():
    found = names(f"{SERIES}, x in 0:1:0.05")
    assert (len(found), len(set(found))) == (21, 21)
    assert (found[0], found[1], found[-1]) == ("CsPbI3", "CsPb(Br0.05I0.95)3", "CsPbBr3")


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ("0.1:0.3:0.1", ["0.1", "0.2", "0.3"]),  # 0.1 + 2 · 0.1 is not 0.3 in binary
        ("0.2:0.5:0.2", ["0.2", "0.4"]),
        ("0.4:0.4:0.1", ["0.4"]),
        ("0.333:0.4:0.2", ["0.333"]),
    ],
)
def test_values(values, shares):
    assert [name[7:].split("I")[0] for name in names(f"{SERIES}, x in {values}")] == shares


def test_two_sites_make_a_grid():
    found = names("FA_yCs_1-yPb(Br_xI_1-x)3, x in 0:1:0.5, y in 0:1:0.25")
    assert len(found) == 15
    assert "FA0.25Cs0.75Pb(Br0.5I0.5)3" in found


def test_three_ions_of_one_site_keep_their_shares_positive():
    found = names("CsPb(Cl_xBr_yI_1-x-y)3, x in 0:1:0.25, y in 0:1:0.25")
    assert len(found) == 15  # of 25: the triangle
    assert "CsPb(Cl0.5Br0.5I0)3" in found or "CsPb(Cl0.5Br0.5)3" in found


def test_a_phase_goes_along():
    assert names(f"{SERIES}:cubic, x in 0.5:1:0.5") == [
        "CsPb(Br0.5I0.5)3:cubic",
        "CsPbBr3:cubic",
    ]


def test_names_are_no_series():
    for text in (SERIES, "CsPbBr3", "BA2MAn-1PbnI3n+1, n = 2", "my, folder in here.cif"):
        assert not is_scan(text)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (f"{SERIES}, x in 0:1:0", UsageError, "above zero"),
        (f"{SERIES}, x in 0:1:-0.1", UsageError, "above zero"),
        (f"{SERIES}, x in 1:0:0.1", UsageError, "not below the first"),
        (f"{SERIES}, x in 0:1", UsageError, "cannot be read"),
        (f"{SERIES}, x in 0:nan:0.1", UsageError, "cannot be read"),
        (f"{SERIES}, x in 0:inf:0.1", UsageError, "cannot be read"),
        (f"{SERIES}, x in 0:1:0.1, 5", UsageError, "cannot be read"),
        (f"{SERIES}, x in 0:1:0.1, x in 0:1:0.2", UsageError, "twice"),
        (f"{SERIES}, x in 0:2:0.1", UsageError, "within 0 to 1"),
        (f"{SERIES}, y in 0:1:0.1", UnknownNameError, "no variable 'y'"),
        (f"{SERIES}, x in 0:1:0.0005", UsageError, "too fine"),
        (f"{SERIES}, x in 0:1:0.00000001", UsageError, "too"),
        ("FA_yCs_1-yPb(Br_xI_1-x)3, x in 0:1:0.5", UsageError, "y has no values"),
        (
            "FA_yCs_1-yPb(Br_xI_1-x)3, x in 0:1:0.01, y in 0:1:0.01",
            UsageError,
            r"found 10201; allowed up to 2000",
        ),
        ("CsPbBr3, x in 0:1:0.1", UsageError, "no variable"),
    ],
)
def test_bad_input(text, error, message):
    assert is_scan(text)
    with pytest.raises(error, match=message) as caught:
        names(text)
    assert isinstance(caught.value, HeterobuildError)
