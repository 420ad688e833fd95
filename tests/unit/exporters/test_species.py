from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.errors import UsageError
from heterobuild.exporters.species import CANONICAL, ordered_species, ranks


def numbers(*symbols):
    return Atoms(symbols).numbers


def test_every_element_has_one_place():
    assert len(CANONICAL) == len(set(CANONICAL)) == 118


@pytest.mark.parametrize(
    ("symbols", "order"),
    [
        ("Br Pb Cs", "Cs Pb Br"),
        ("H N C I Pb Sn Br Cs Rb", "Rb Cs Sn Pb Br I C N H"),
        ("Cl Bi Ag Cs", "Cs Ag Bi Cl"),
        ("O Ti Sr", "Sr Ti O"),
    ],
)
def test_canonical_order(symbols, order):
    assert ordered_species(numbers(*symbols.split())) == tuple(order.split())


def test_order_of_two_elements_does_not_depend_on_others():
    rng = np.random.default_rng(1)
    whole = ordered_species(np.arange(1, 119))
    for _ in range(20):
        some = rng.choice(np.arange(1, 119), size=6, replace=False)
        got = ordered_species(some)
        assert list(got) == sorted(got, key=whole.index)


def test_wanted_order_keeps_absent_elements():
    order = ["Br", "Cs", "I", "Pb"]
    assert ordered_species(numbers("Cs", "Pb", "Br"), order) == tuple(order)
    assert ranks(numbers("Pb", "Br", "Cs"), order).tolist() == [3, 0, 1]


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (["Cs", "Pb"], "add Br"),
        (["Cs", "Pb", "Br", "Cs"], "twice"),
        (["cs", "Pb", "Br"], "did you mean"),
        (["X", "Cs", "Pb", "Br"], "not a chemical element"),
    ],
)
def test_bad_orders_are_refused(order, message):
    with pytest.raises(UsageError, match=message):
        ordered_species(numbers("Cs", "Pb", "Br"), order)
