from itertools import product

import pytest

from heterobuild.defects.compensation import fewest, number_of
from heterobuild.errors import UsageError

IONS = (("Cs", 1), ("Pb", 2), ("Br", -1))


@pytest.mark.parametrize(
    ("charge", "gone"),
    [
        (1, ("Cs",)),  # V_X takes V_A: Schottky pair of AX
        (-1, ("Br",)),  # V_A takes V_X
        (-2, ("Br", "Br")),  # V_B takes two V_X: Schottky triple of BX2
        (2, ("Pb",)),
        (3, ("Cs", "Pb")),  # B on X
        (-3, ("Br", "Br", "Br")),  # X on B
        (0, ()),
    ],
)
def test_the_combinations_of_the_textbook(charge, gone):
    assert fewest(charge, IONS) == gone


@pytest.mark.parametrize("charges", [(1, 2, -1), (3, 5, -2), (4, 6, -3), (2, 3)])
def test_no_smaller_set_cancels_the_charge(charges):
    ions = tuple((f"ion{q}", q) for q in charges)
    for charge in range(-9, 10):
        found = fewest(charge, ions)
        sets = [
            sum(n)
            for n in product(range(10), repeat=len(charges))
            if sum(k * q for k, q in zip(n, charges, strict=True)) == charge
            and all(k == 0 or q * charge > 0 for k, q in zip(n, charges, strict=True))
        ]
        assert (None if found is None else len(found)) == min(sets, default=None)
        if found:
            assert sum(int(name[3:]) for name in found) == charge


def test_many_defects_are_no_deep_recursion():
    assert len(fewest(100_001, IONS)) == 50_001


def test_one_kind_compensates_or_says_that_it_cannot():
    assert number_of("V_Cs", -1, 3) == 3
    for own, charge in ((-2, 3), (1, 3), (0, 1)):
        with pytest.raises(UsageError, match="cannot compensate"):
            number_of("V_X", own, charge)
