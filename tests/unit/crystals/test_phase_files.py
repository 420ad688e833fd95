import copy

import numpy as np
import pytest

from heterobuild.crystals.phase_files import AtomSite, parse_phase, phase_files
from heterobuild.errors import StructureFileError
from heterobuild.labels import Site

GOOD = {
    "name": "CsPbBr3_cubic",
    "formula": "CsPbBr3",
    "phase": "cubic",
    "room_temperature": False,
    "cell": {
        **dict.fromkeys("abc", 5.874),
        **dict.fromkeys(("alpha", "beta", "gamma"), 90.0),
        "space_group": "Pm-3m",
        "number": 221,
        "Z": 1,
        "pseudocubic": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    },
    "source": {
        "citation": "somebody 1979",
        "confidence": "verified-cif",
        "coordinates": "symmetry-fixed",
    },
    "atoms": {
        "sites": [
            ["Cs", "1b", 0.5, 0.5, 0.5, "A"],
            ["Pb", "1a", 0, 0, 0, "B"],
            ["Br", "3d", 0.5, 0, 0, "X"],
        ]
    },
}


def changed(*path, value=None):
    content = copy.deepcopy(GOOD)
    table = content
    for key in path[:-1]:
        table = table[key]
    if value is None:
        del table[path[-1]]
    else:
        table[path[-1]] = value
    return content


def test_a_good_file_is_read():
    phase = parse_phase(GOOD, path="phases/abx3/CsPbBr3_cubic.toml")
    assert phase.family == "abx3"
    assert phase.sites[2] == AtomSite(
        species="Br", wyckoff="3d", position=(0.5, 0.0, 0.0), role=Site.X
    )
    assert [site.multiplicity for site in phase.sites] == [1, 1, 3]
    assert phase.confidence == "high"
    np.testing.assert_array_equal(phase.pseudocubic, np.eye(3))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed("formula"), "formula is missing"),
        (changed("cell", "a"), "entry a is missing"),
        (changed("cell", "b", value=float("nan")), "positive numbers"),
        (changed("cell", "c", value=-1.0), "positive numbers"),
        (changed("cell", "a", value="long"), "wrong form"),
        (changed("source", "confidence", value="sure"), "sure"),
        (changed("cell", "pseudocubic", value=[[1, 0, 0], [0, 1, 0], [0, 0, -1]]), "right-handed"),
        (changed("atoms", "sites", value=[["Cs", "1b", 0.5, 0.5, "A"]]), "wrong form"),
        (changed("atoms", "sites", value=[["Cs", "b", 0, 0, 0, "A"]]), "wrong form"),
        (changed("atoms", "sites", value=[["Cs", "1b", 0, 0, 0, "Q"]]), "Q"),
        (changed("atoms", "sites", value=[["Cs", "1b", 0, 0, float("nan"), "A"]]), "not a number"),
    ],
)
def test_a_bad_file_is_refused_with_its_name(content, words):
    with pytest.raises(StructureFileError, match=words) as caught:
        parse_phase(content, path="phases/abx3/bad.toml")
    assert caught.value.where == "phases/abx3/bad.toml"


def test_lower_trust_counts():
    model = parse_phase(changed("source", "coordinates", value="model"), path="a/b/c.toml")
    assert (model.source.cell, model.source.coordinates, model.confidence) == ("high", "low", "low")
    cell_only = changed("atoms")
    cell_only["source"]["coordinates"] = "none"
    assert parse_phase(cell_only, path="a/b/c.toml").confidence == "high"


def test_all_files_are_read():
    assert len(phase_files()) >= 71
    assert len({phase.name for phase in phase_files()}) == len(phase_files())
