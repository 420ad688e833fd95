"""Nanocrystals of the gallery build, pass their checks, and have the ions that counting gives."""

import re
from collections import Counter
from functools import cache
from itertools import product
from math import erf, prod, sqrt
from pathlib import Path

import numpy as np
import pytest

from heterobuild import tune
from heterobuild.labels import REGION
from heterobuild.recipes import dry_run, load_recipe, run_recipe

KINDS = ("core_shell", "embedded", "particle")
GALLERY = {
    path.stem: path
    for path in (Path(__file__).parents[3] / "recipes").glob("*.yaml")
    if load_recipe(path).kind in KINDS
}

OPEN_EDGES = {"cspb2br5-cspbbr3-bulk-shell", "cspbi3-dots-in-pea2csn-1pbni3n+1"}
"""Cut layers: halides leave their edges for zero charge, and Pb there has fewer than inside."""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """A function that runs a recipe, once, and returns what it gives; large ones write no files."""
    folder = tmp_path_factory.mktemp("gallery")

    @cache
    def run(name):
        recipe = load_recipe(GALLERY[name])
        return dry_run(recipe) if name.endswith("-md") else run_recipe(recipe, folder / name)

    return run


def parts_of(built):
    """Number of each element by part."""
    symbols = np.array(built.atoms.get_chemical_symbols())
    codes = built.atoms.arrays[REGION]
    return {
        part.name: dict(Counter(symbols[codes == part.code].tolist())) for part in built.regions
    }


def elements(built):
    return dict(Counter(built.atoms.get_chemical_symbols()))


def cages(*sides):
    """A sites between the octahedra of a box."""
    return prod(side - 1 for side in sides)


def bridges(*sides):
    """X between two octahedra of a box; those of its walls belong to what is around it."""
    return sum(prod(sides) // side * (side - 1) for side in sides)


def cations(*sides):
    """A of a box that ends in AX, less the surplus of charge, which is the sum of its sides + 1."""
    return prod(side + 1 for side in sides) - (sum(sides) + 1)


def halides(*sides):
    """X of the whole octahedra of a box."""
    return sum(prod(sides) // side * (side + 1) for side in sides)


def dot_of_27(x, *, mn=0, br=0, sr=0):
    """Parts of a dot of 27 octahedra in a matrix of 125; the matrix owns the wall."""
    dot = {"Cs": 8, "Pb": 27 - mn, "Mn": mn, x: 54}
    matrix = {"Cs": 117, "Pb": 98 - sr, "Sr": sr, x: 375 - 54 - br}
    matrix |= {"Br": br} if br else {}
    return {"dot": _present(dot), "matrix": _present(matrix)}


def _present(counts):
    return {element: count for element, count in counts.items() if count}


def formamidinium(count):
    return {"C": count, "N": 2 * count, "H": 5 * count}


def three_parts(core, alloy, shell):
    """Cubes of octahedra, one around the other, A of the alloy half FA and half Cs."""
    mixed = (cages(*[alloy] * 3) - cages(*[core] * 3)) // 2
    inner, middle = (bridges(*[side] * 3) for side in (core, alloy))
    return {
        "core": {"Pb": core**3, "Br": inner} | formamidinium(cages(*[core] * 3)),
        "alloy": {"Cs": mixed, "Pb": alloy**3 - core**3, "Br": middle - inner}
        | formamidinium(mixed),
        "shell": {
            "Cs": cations(*[shell] * 3) - cages(*[alloy] * 3),
            "Pb": shell**3 - alloy**3,
            "Br": halides(*[shell] * 3) - middle,
        },
    }


def chloride_planes(side):
    return {
        "core": {"Cs": cations(*[side] * 3), "Pb": side**3, "I": bridges(*[side] * 3)},
        "shell": {"Cl": 6 * side**2},
    }


PLATE_X = 16 * 4 + 2 * 4 * 3 * 3  # z: planes below, between and above; x and y: between only
EXPECTED = {
    "cspbi3-dots-in-cspbbri3": dot_of_27("I", mn=1, br=round(0.056 * 321)),
    "cspbi3-dots-in-cspbbri3-strained": dot_of_27("I", mn=1, br=round(0.33 * 321)),
    "cspbbr3-dots-in-cspbsrbr3": dot_of_27("Br", sr=round(0.2 * 98)),
    "fapbbr3-cspbbr3-core-shell": three_parts(3, 5, 7),
    "fapbbr3-cspbbr3-core-shell-md": three_parts(10, 12, 16),
    "cspbi3-pbclx-core-shell": chloride_planes(10),
    "cspbi3-pbclx-core-shell-small": chloride_planes(4),
    "cspbi3-pbclx-core-shell-full": {
        "core": {"Cs": 8, "Pb": 27, "I": bridges(3, 3, 3)},
        "shell": {
            "Cs": cations(5, 5, 5) - 8,
            "Pb": 125 - 27,
            "Cl": halides(5, 5, 5) - bridges(3, 3, 3),
        },
    },
    "cspbclbr-cspbbr3-plate-and-wire": {
        "core": {"Cs": 3 * 3 * 4, "Pb": 48, "Cl": PLATE_X // 2, "Br": PLATE_X // 2},
        "crown": {
            "Cs": cations(6, 6, 3) - 3 * 3 * 4,
            "Pb": 108 - 48,
            "Br": halides(6, 6, 3) - PLATE_X,
        },
    },
}


@pytest.mark.parametrize("name", sorted(GALLERY))
def test_a_recipe_of_the_gallery(name, result):
    got = result(name)
    assert got.recipe.name == name
    assert got.report.passed
    warned = {finding.check for finding in got.report.findings if finding.level == "warning"}
    assert warned == ({"coordination"} if name in OPEN_EDGES else set())
    assert abs(got.built.atoms.arrays["formal_charge"].sum()) < 1e-9


@pytest.mark.parametrize("name", sorted(GALLERY))
def test_the_comment_tells_the_number_of_atoms(name, result):
    comment = GALLERY[name].read_text(encoding="utf-8").partition("schema_version")[0]
    about, told = re.search(r"(about )?(\d+) atoms", comment.replace("\n# ", " ")).groups()
    assert len(result(name).built.atoms) == pytest.approx(int(told), rel=0.05 if about else 0)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_parts_hold_the_ions_that_counting_gives(name, result):
    assert parts_of(result(name).built) == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "sides"),
    [
        ("fapbbr3-cspbbr3-core-shell", (7, 7, 7)),
        ("fapbbr3-cspbbr3-core-shell-erf", (5, 5, 5)),
        ("cspbi3-pbclx-core-shell", (10, 10, 10)),
        ("cspbclbr-cspbbr3-plate-and-wire", (6, 6, 3)),
        ("cspbclbr-cspbbr3-plate-and-wire-axial", (3, 3, 11)),
        ("cspbclbr-cspbbr3-plate-and-wire-md", (8, 8, 16 + 2 * 12)),
    ],
)
def test_the_ledger_tells_the_surplus_of_a_box(name, sides, result):
    ledger = result(name).built.ledger
    assert {entry.action for entry in ledger} == {"removed"}
    assert sum(entry.count for entry in ledger) == sum(sides) + 1
    assert sum(entry.charge for entry in ledger) == -(sum(sides) + 1)


def test_an_axial_rod_has_its_second_halide_in_the_middle_only(result):
    name = "cspbclbr-cspbbr3-plate-and-wire-axial"
    x = 9 * 4 + 2 * 3 * 4 * 5  # planes between octahedra along z; whole planes across
    expected = {"Cs": cations(3, 3, 11), "Pb": 99, "Cl": x // 2, "Br": halides(3, 3, 11) - x // 2}
    assert elements(result(name).built) == expected
    atoms = result(name).built.atoms
    height = atoms.positions[:, 2] - atoms.positions[atoms.symbols == "Pb", 2].mean()
    chloride = np.abs(height[atoms.symbols == "Cl"])
    assert chloride.max() < 2.5 * 5.9
    assert np.ptp(atoms.positions[atoms.symbols == "Pb"], axis=0)[:2] == pytest.approx(
        11.7, abs=0.2
    )


def test_an_error_function_spreads_cesium_across_the_wall(result):
    """The count of FA is that of the profile at the A sites, each by the face nearest to it."""
    built = result("fapbbr3-cspbbr3-core-shell-erf").built
    size = next(step for step in built.steps if step.name == "size").values
    edge, sigma = size["taken_A"][0] / 3, 8 / (2 * 1.28155)
    sites = np.array(list(product(np.arange(-2.5, 3), repeat=3)))
    distance = (np.abs(sites).max(axis=1) - 1.5) * edge
    share = sum(0.5 * (1 - erf(d / (sqrt(2) * sigma))) for d in distance)
    counts = elements(built)
    removed = sum(entry.count for entry in built.ledger if entry.species == "FA")
    assert counts["C"] + removed == pytest.approx(share, abs=1)
    assert counts["Cs"] + counts["C"] == cations(5, 5, 5)
    core, shell = parts_of(built).values()
    assert core["C"] > 6
    assert shell["C"] < 0.3 * (shell["C"] + shell["Cs"])


def test_round_dots_hold_what_lies_in_a_sphere(result):
    """Brute force: B within 20 Å of an A site, A and X between such B."""
    name = "cspbbr3-dots-in-cspbsrbr3-md"
    edges = result(name).built.atoms.cell.lengths() / 20
    span = np.arange(-5, 5) + 0.5
    inside = {p for p in product(span, repeat=3) if np.linalg.norm(p * edges) <= 20}
    a = sum(
        all((x + i, y + j, z + k) in inside for i, j, k in product((0, 1), repeat=3))
        for x, y, z in inside
    )
    bonds = sum(
        tuple(np.add(p, step)) in inside for p in inside for step in np.eye(3, dtype=int).tolist()
    )
    assert parts_of(result(name).built)["dot"] == {
        "Cs": 4 * a,
        "Pb": 4 * len(inside),
        "Br": 4 * bonds,
    }
    matrix = parts_of(result(name).built)["matrix"]
    assert matrix["Sr"] == round(0.2 * (8000 - 4 * len(inside)))


def test_manganese_and_bromide_have_their_shares(result):
    parts = parts_of(result("cspbi3-dots-in-cspbbri3-md").built)
    dot, matrix = parts["dot"], parts["matrix"]
    assert dot["Mn"] == round(0.05 * (dot["Mn"] + dot["Pb"]))
    assert matrix["Br"] == round(0.076 * (matrix["Br"] + matrix["I"]))
    assert dot["Mn"] + dot["Pb"] + matrix["Pb"] == dot["Cs"] + matrix["Cs"] == 20**3
    assert dot["I"] + matrix["I"] + matrix["Br"] == 3 * 20**3


@pytest.mark.parametrize("name", ["cspbi3-dots-in-cspbbri3", "cspbi3-dots-in-cspbbri3-md"])
def test_the_matrix_is_tuned_to_the_dot(name):
    parts = load_recipe(GALLERY[name]).parts
    best = tune("CsPb(Br_xI_1-x)3", parts["dot"].crystal, phase="cubic")
    assert parts["matrix"].crystal == f"{best.formula}:cubic"


def taken(built, where):
    """What the ledger says was removed, by species."""
    counts = Counter()
    for entry in built.ledger:
        if any(word in entry.where for word in where):
            counts[entry.species] += entry.count
    return counts


@pytest.mark.parametrize(
    ("name", "units"),
    [("cs4pbbr6-cspbbr3-bulk-dot", 2 * 2 * 2 * 6), ("cs4pbbr6-cspbbr3-bulk-dot-md", 6 * 6 * 5 * 6)],
)
def test_an_opened_matrix_of_separate_octahedra_loses_whole_formula_units(result, name, units):
    built = result(name).built
    matrix = parts_of(built)["matrix"]
    lost = taken(built, ["opening", "wall"])
    left = matrix["Pb"]
    assert matrix == {"Cs": 4 * left, "Pb": left, "Br": 6 * left}
    assert lost == {"Cs": 4 * (units - left), "Pb": units - left, "Br": 6 * (units - left)}


def test_a_dot_stands_on_its_threefold_axis(result):
    built = result("cs4pbbr6-cspbbr3-bulk-dot").built
    assert parts_of(built)["dot"] == {"Cs": cations(2, 2, 2), "Pb": 8, "Br": halides(2, 2, 2)}
    atoms = built.atoms[built.atoms.arrays[REGION] == 1]
    lead = atoms.positions[atoms.numbers == 82]
    low, high = lead[lead[:, 2].argmin()], lead[lead[:, 2].argmax()]
    assert high - low == pytest.approx([0, 0, 5.874 * sqrt(3)], abs=1e-6)
    ring = np.sort(lead[:, 2] - low[2])
    assert ring == pytest.approx(5.874 / sqrt(3) * np.repeat([0, 1, 2, 3], [1, 3, 3, 1]), abs=1e-6)
    sides = lead[np.abs(lead[:, 2] - low[2] - 5.874 / sqrt(3)) < 0.1] - low
    angles = np.degrees(np.arctan2(sides[:, 1], sides[:, 0])) % 60
    assert np.minimum(angles, 60 - angles) == pytest.approx(0, abs=1e-4)  # <11-2> along a


def exchanged(built, molecule):
    """Return how many PEA became another molecule."""
    found = [e.count for e in built.ledger if e.species == f"PEA → {molecule}"]
    return sum(found)


@pytest.mark.parametrize(
    ("name", "sides", "units"),
    [
        ("cspbi3-dots-in-pea2csn-1pbni3n+1", (2, 2, 2), 6 * 6 * 2),
        ("cspbi3-dots-in-pea2csn-1pbni3n+1-md", (5, 5, 2), 10 * 10 * 4),
    ],
)
def test_a_dot_stands_in_the_place_of_a_piece_of_a_slab(result, name, sides, units):
    """A pseudo-cubic cell of the n = 2 phase is half a slab high: one formula unit."""
    built = result(name).built
    dot, matrix = parts_of(built).values()
    assert dot == {"Cs": cations(*sides), "Pb": prod(sides), "I": halides(*sides)}
    longer = {"BrDMA": exchanged(built, "BrDMA"), "BrPEA": exchanged(built, "BrPEA")}
    assert matrix.get("Br", 0) == sum(longer.values())
    assert matrix["C"] == 8 * matrix["N"] + longer["BrDMA"]
    assert matrix["H"] == 12 * matrix["N"] - longer["BrPEA"] + longer["BrDMA"]
    lost = taken(built, ["opening", "wall"])
    assert matrix["Pb"] + lost["Pb"] == matrix["N"] + lost["PEA"] == 2 * units
    assert matrix["Cs"] + lost["Cs"] == units
    assert matrix["I"] + lost["I"] == 7 * units
    lead = built.atoms.numbers == 82
    own = built.atoms.positions[lead & (built.atoms.arrays[REGION] == 1)]
    other = built.atoms.positions[lead & (built.atoms.arrays[REGION] == 2)]
    for axis in range(3):
        apart = np.abs(own[:, None, axis] - other[None, :, axis]).min(axis=1)
        assert apart.max() < 0.1  # the lattices differ by 0.4 %


def test_sheets_lie_flat_on_the_top_and_bottom_of_a_cube(result):
    built = result("cspb2br5-cspbbr3-bulk-caps").built
    assert parts_of(built)["core"] == {"Cs": cations(5, 5, 5), "Pb": 125, "Br": halides(5, 5, 5)}
    lead = built.atoms[built.atoms.numbers == 82]
    core, caps = (lead.positions[lead.arrays[REGION] == code] for code in (1, 2))
    height = caps[:, 2] - core[:, 2].mean()
    assert np.abs(np.abs(height) - np.abs(height).mean()).max() < 0.1
    assert (height > 0).sum() == (height < 0).sum()
    assert np.abs(height).min() > 2.5 * 5.874
    net = np.linalg.norm(caps[:, None] - caps[None], axis=2)
    steps = (caps[:, None] - caps[None])[(net > 0.1) & (net < 8.6) & (net > 8.3)]
    turned = np.degrees(np.arctan2(steps[:, 1], steps[:, 0])) % 90
    assert turned == pytest.approx(45, abs=1e-3)  # <100> of CsPb2Br5, 8.483 Å, along <110>


def test_a_shell_of_another_structure_holds_a_whole_core(result):
    built = result("cspb2br5-cspbbr3-bulk-shell").built
    core, shell = parts_of(built).values()
    assert core == {"Cs": 54, "Pb": 27, "Br": 108}
    assert shell["Cs"] + 2 * shell["Pb"] == shell["Br"]
    symbols, positions = np.array(built.atoms.get_chemical_symbols()), built.atoms.positions
    inner = positions[(built.atoms.arrays[REGION] == 1) & (symbols == "Pb")]
    outer = positions[(built.atoms.arrays[REGION] == 2) & (symbols == "Pb")]
    for axis in range(3):
        assert outer[:, axis].min() < inner[:, axis].min() - 5
        assert outer[:, axis].max() > inner[:, axis].max() + 5
