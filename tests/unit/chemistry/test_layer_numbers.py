import pytest

from heterobuild.chemistry.layer_numbers import (
    LARGEST,
    check_layer_number,
    has_free_layer_number,
    split_layer_numbers,
    with_layers,
)
from heterobuild.errors import UsageError


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("BA2MAn-1PbnI3n+1, n = 2", (2,)),
        ("BA2MAn-1PbnI3n+1, n = 1..4", (1, 2, 3, 4)),
        ("BA2MAn-1PbnI3n+1 (n = 1–3)", (1, 2, 3)),
        ("BA2MAn-1PbnI3n+1, n = 1 to 3", (1, 2, 3)),
        ("BA2MAn-1PbnI3n+1, n = 1 and 2", (1, 2)),
        ("BA2MAn-1PbnI3n+1, n=5, 1, 3", (5, 1, 3)),
        ("BA2MAn-1PbnI3n+1", ()),
    ],
)
def test_the_numbers_after_a_formula(text, numbers):
    assert split_layer_numbers(text) == ("BA2MAn-1PbnI3n+1", numbers)


@pytest.mark.parametrize("text", ["n = 0", "n = ∞", "n = 1.5", "n = ", "n = -1", "n = 1..1000"])
def test_numbers_that_are_no_layers(text):
    with pytest.raises(UsageError):
        split_layer_numbers(f"BA2MAn-1PbnI3n+1, {text}")


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("PEA2FAn-1SnnI3n+1", "PEA2FA2Sn3I10"),
        ("PEA2FA(n-1)Sn(n)I(3n+1)", "PEA2FA2Sn3I10"),
        ("PEA2FA_{n-1}Sn_{n}I_{3n+1}", "PEA2FA2Sn3I10"),
        ("BA₂MAₙ₋₁PbₙI₃ₙ₊₁", "BA2MA2Pb3I10"),
        ("(n-BA)2MAn-1MnnBr3n+1", "(n-BA)2MA2Mn3Br10"),
        ("CsSnInZnMn", "CsSnInZnMn"),
    ],
)
def test_three_layers(formula, written):
    assert with_layers(formula, 3) == written
    assert has_free_layer_number(formula) is (formula != "CsSnInZnMn")


def test_layers_start_at_one():
    check_layer_number(1, "BA2PbI4")
    check_layer_number(LARGEST, "BA2PbI4")
    with pytest.raises(UsageError, match="n = 0"):
        check_layer_number(0, "BA2PbI4")
