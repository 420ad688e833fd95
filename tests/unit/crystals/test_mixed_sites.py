import numpy as np
import pytest

from heterobuild.crystals.mixed_sites import mixed_formula, mixed_sites
from heterobuild.errors import StructureFileError
from heterobuild.model import Mixture

PLACES = {"a": [0.0, 0.0, 0.0], "b": [0.5, 0.0, 0.0], "c": [0.0, 0.5, 0.0], "d": [0.999999, 1, 0]}
NUMBERS = {"Pb": 82, "Sn": 50, "Bi": 83, "Ag": 47, "Br": 35, "I": 53, "Cs": 55}


def read(*rows):
    names = [f"{element}{i}" for i, (element, _, _) in enumerate(rows)]
    numbers = np.array([NUMBERS[element] for element, _, _ in rows])
    sites = np.array([PLACES[place] for _, place, _ in rows])
    return mixed_sites(names, numbers, sites, np.array([row[2] for row in rows]), file="x.cif")


def test_the_largest_share_stands_for_the_position():
    keep, mixtures = read(("Sn", "a", 0.3), ("Pb", "d", 0.7), ("Br", "b", 1.0), ("I", "c", np.nan))
    assert keep.tolist() == [False, True, True, True]
    assert [(m.site, m.parent, dict(m.shares)) for m in mixtures] == [
        ("B", "Pb", {"Pb": 0.7, "Sn": 0.3})
    ]


def test_an_ordered_structure_has_no_mixture():
    keep, mixtures = read(("Pb", "a", 1.0), ("Br", "b", 1.0))
    assert (keep.all(), mixtures) == (True, ())


@pytest.mark.parametrize(
    "rows",
    [
        [("Br", "a", 0.9)],
        [("Br", "a", 0.5), ("I", "b", 0.5)],
        [("Br", "a", 0.5), ("I", "a", 0.4)],
        [("Bi", "a", 0.5), ("Ag", "a", 0.5)],
        [("Cs", "a", 0.5), ("I", "a", 0.5)],
    ],
    ids=["vacancy", "two places", "sum below one", "unequal charges", "cation on anion"],
)
def test_other_disorder_is_refused(rows):
    with pytest.raises(StructureFileError, match="disordered"):
        read(*rows)


def test_one_parent_has_one_set_of_shares():
    with pytest.raises(StructureFileError, match="shared differently"):
        read(("Br", "a", 0.6), ("I", "a", 0.4), ("Br", "b", 0.7), ("I", "b", 0.3))
    with pytest.raises(StructureFileError, match="shared differently"):
        read(("Br", "a", 0.6), ("I", "a", 0.4), ("Br", "b", 1.0))


def test_formula_of_a_shared_single_site():
    lead = Mixture(site="B", parent="Pb", shares=(("Pb", 0.7), ("Sn", 0.3)))
    assert mixed_formula({"Cs": 1, "Pb": 1, "Br": 3}, [lead]) == "CsPb0.7Sn0.3Br3"
