import numpy as np
import pytest

from heterobuild.defects import Defect
from heterobuild.defects.sites import candidate_units, nearest_layers
from heterobuild.errors import UsageError


def found(built, table, species="Br", **options):
    units, wall = table(built)
    wanted = Defect(kind="vacancy", species=species, **options)
    return units, wall, candidate_units(built, units, wanted, species=species, wall=wall)


def test_a_layer_holds_its_ions(stack, table):
    units, _, members = found(stack, table, region="film", layer=2)
    assert len(members) == 8  # PbBr2 of two by two cells
    assert set(units.layer[members]) == {2}
    assert len(found(stack, table, species="MA", layer=-2)[2]) == 4


def test_a_distance_is_measured_from_the_wall(stack, table):
    _, wall, members = found(stack, table, distance=10.0)
    assert np.ptp(wall[members]) < 0.1
    assert np.abs(wall[members] - 10.0).max() <= 1.5


def test_without_a_place_the_nearest_ions_are_taken(stack, table):
    units, wall, members = found(stack, table)
    others = np.flatnonzero(units.species == units.names.index("Br"))
    assert wall[members].max() <= wall[others].min() + 0.1
    assert nearest_layers(units, members) == "1"


@pytest.mark.parametrize(
    ("species", "options", "words"),
    [
        ("I", {}, "there is no I for V_I.*choose one of Br, Cl, Cs, MA, Pb"),
        ("Br", {"region": "fil"}, "no region 'fil'.*did you mean film"),
        ("Cl", {"region": "film"}, "film holds no site.*substrate"),
        ("Br", {"layer": 99}, "layer 99.*write layer: 7"),
        ("Br", {"layer": -3}, "layer -3.*write layer: 1"),
        ("Cs", {"layer": 4}, r"write layer: (3|5)"),
        ("Br", {"distance": 90.0}, "write distance: "),
    ],
)
def test_places_that_are_not_there_name_the_nearest(stack, table, species, options, words):
    with pytest.raises(UsageError, match=words):
        found(stack, table, species=species, **options)


def test_a_distance_needs_a_wall(stack, table):
    units, _ = table(stack)
    wanted = Defect(kind="vacancy", species="Br", distance=3.0)
    with pytest.raises(UsageError, match="no wall"):
        candidate_units(stack, units, wanted, species="Br", wall=None)
