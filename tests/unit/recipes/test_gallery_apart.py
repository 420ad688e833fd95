"""Films side by side, mixtures and nanocrystals on films of the gallery, counted independently."""

import re
from collections import Counter
from functools import cache

import numpy as np
import pytest

from heterobuild.labels import REGION
from heterobuild.recipes import dry_run
from heterobuild.recipes.gallery import gallery_names, gallery_recipe, gallery_text

KINDS = ("lateral", "bulk", "deposited")
NAMES = [name for name in gallery_names() if gallery_recipe(name).kind in KINDS]
SLOW = {
    "ba-edge-on-facspbibr-lateral-md",
    "cspb2br5-cspbbr3-bulk-md",
    "cs4pbi6-facspbi3-lateral-md",
    "fapbi3-dots-on-5ava-quasi2d-md",
}


def cases(names):
    return [
        pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in sorted(names)
    ]


@cache
def result(name):
    return dry_run(gallery_recipe(name))


def part_atoms(name):
    built = result(name).built
    return {
        part.name: built.atoms[built.atoms.arrays[REGION] == part.code] for part in built.regions
    }


def counts(name):
    return {part: Counter(atoms.get_chemical_symbols()) for part, atoms in part_atoms(name).items()}


@pytest.mark.parametrize("name", cases(NAMES))
def test_a_model_passes_and_has_the_atoms_that_its_comment_tells(name):
    got = result(name)
    assert got.recipe.name == name
    assert got.report.passed
    assert abs(got.built.atoms.arrays["formal_charge"].sum()) < 1e-9
    comment = gallery_text(name).partition("schema_version")[0].replace("\n# ", " ")
    (told,) = re.findall(r"(\d+) atoms", comment)
    assert len(got.built.atoms) == int(told)


@pytest.mark.parametrize(
    ("name", "rows", "spacer"),
    [
        ("2t2pbi4-2t2pbbr4-lateral", (4, 4), {"C": 10, "S": 2}),
        ("2t2pbi4-2t2pbbr4-lateral-diffused", (4, 4), {"C": 10, "S": 2}),
        ("2t2pbi4-2t2pbbr4-lateral-ba", (4, 4), {"C": 4}),
        ("2t2pbi4-2t2pbbr4-lateral-md", (20, 20), {"C": 10, "S": 2}),
    ],
)
def test_one_sheet_is_whole(name, rows, spacer):
    """Each octahedron of a sheet has four halides and two spacers, wherever the junction is."""
    recipe = result(name).recipe
    length = 4 if recipe.build.length == 4 else 2
    found = counts(name)
    total = sum(found.values(), Counter())
    octahedra = sum(rows) * length
    assert [part["Pb"] for part in found.values()] == [row * length for row in rows]
    assert total["I"] + total["Br"] == 4 * octahedra
    assert total["N"] == 2 * octahedra
    assert all(total[element] == count * total["N"] for element, count in spacer.items())
    walls = 2 * recipe.build.times * length  # halides on sharp junctions are the first part's
    extra = 0 if recipe.build.profile.graded else walls // 2
    assert total["I"] == rows[0] * length * 4 + extra


def test_a_sharp_junction_keeps_halides_apart_and_a_diffused_one_mixes_them():
    sharp, mixed = (counts(f"2t2pbi4-2t2pbbr4-lateral{end}") for end in ("", "-diffused"))
    assert (sharp["first"]["Br"], sharp["second"]["I"]) == (0, 0)
    assert mixed["first"]["Br"] >= 2 <= mixed["second"]["I"]


def test_squares_are_concentric():
    name = "2t2pbi4-2t2pbbr4-lateral-square"
    found = counts(name)
    assert (found["first"]["Pb"], found["crown"]["Pb"]) == (3**2, 5**2 - 3**2)
    atoms = result(name).built.atoms
    lead = atoms.positions[atoms.numbers == 82]
    core = part_atoms(name)["first"]
    inner = core.positions[core.numbers == 82]
    assert np.allclose(inner.mean(axis=0), lead.mean(axis=0), atol=0.3)
    reach = np.abs(lead - lead.mean(axis=0)).max(axis=0)
    assert np.all(np.abs(inner - lead.mean(axis=0)).max(axis=0)[:2] < 0.6 * reach[:2])


@pytest.mark.parametrize("name", cases(n for n in NAMES if n.startswith("ba-edge-on")))
def test_sheets_stand_along_the_junction(name):
    plates = part_atoms(name)["plates"]
    lead = plates.positions[plates.numbers == 82]
    sheets = np.unique(np.round(lead[:, 1] - lead[:, 1].min(), 0))
    assert len(sheets) <= 4 < len(lead)  # few planes across the film, many octahedra in each
    assert np.ptp(lead[:, 2]) > 5  # one above the other
    first = part_atoms(name)["first"]
    assert np.ptp(first.positions[first.numbers == 82], axis=0)[2] > 5


@pytest.mark.parametrize("name", cases(n for n in NAMES if n.startswith("cs4pbi6")))
def test_grains_of_isolated_octahedra_protrude(name):
    found = part_atoms(name)
    grains, first = found["grains"], found["first"]
    counted = counts(name)["grains"]
    assert (counted["Cs"], counted["I"]) == (4 * counted["Pb"], 6 * counted["Pb"])
    assert grains.positions[:, 2].max() > first.positions[:, 2].max() + 3
    share = counts(name)["first"]
    assert share["Cs"] / (share["Cs"] + share["C"]) == pytest.approx(0.17, abs=0.03)


def test_stripes_of_an_endless_wire_are_of_equal_width():
    found = counts("cspbclbr-cspbbr3-plate-and-wire-endless")
    assert found["first"]["Pb"] == found["second"]["Pb"] == 4 * 3
    assert abs(found["first"]["Cl"] - found["first"]["Br"]) <= 1
    assert found["second"]["Cl"] == 0


def volume(name, part):
    """Volume in Å³ of the metals of a part in its own crystal."""
    crystal = {
        region.name: region.crystal for region in result(name).built.regions
    }  # names of the library
    from heterobuild.compounds import load_crystal

    cell = load_crystal(crystal[part])
    metals = {"Pb", "Cu"}
    inside = sum(symbol in metals for symbol in cell.atoms.get_chemical_symbols())
    there = sum(count for symbol, count in counts(name)[part].items() if symbol in metals)
    return there * cell.atoms.get_volume() / inside


@pytest.mark.parametrize("name", cases(n for n in NAMES if "-bulk" in n))
def test_phases_have_the_amounts_that_are_asked_for(name):
    recipe = result(name).recipe
    build, parts = recipe.build, list(recipe.parts)
    share = volume(name, parts[0]) / sum(volume(name, part) for part in parts)
    close = 0.01 if name.endswith("-md") else 0.015
    found = counts(name)
    if build.volume_fractions is not None:
        assert share == pytest.approx(build.volume_fractions[0], abs=close)
    elif build.molar_ratio is not None:
        each = [volume(name, part) / found[part]["Cu"] for part in parts]  # Cu2 in both formulas
        assert share == pytest.approx(each[0] / sum(each), abs=close)
    else:
        first, second = (found[part]["Pb"] for part in parts)
        ratio = (first + 4 * second) / (first + second)  # CsPbBr3 and Cs4PbBr6
        assert ratio == pytest.approx(build.precursor_ratio, abs=0.02)


@pytest.mark.parametrize("name", cases(n for n in NAMES if n.startswith("cs4pbbr6-macs")))
def test_half_of_the_cations_of_the_guest_are_molecules(name):
    found = counts(name)
    assert found["host"]["C"] == 0
    guest = found["first"]
    assert guest["C"] / (guest["C"] + guest["Cs"]) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("name", cases(n for n in NAMES if gallery_recipe(n).kind == "deposited"))
def test_particles_lie_on_one_side_of_a_film_that_keeps_its_lattice(name):
    built, recipe = result(name).built, result(name).recipe
    sides = {False: [], True: []}
    for part in built.regions:
        z = built.atoms.positions[built.atoms.arrays[REGION] == part.code, 2]
        sides[part.name.startswith("particle")].append((z.min(), z.max()))
    (film,) = sides[False]
    if recipe.build.below == "particles":
        assert max(top for _, top in sides[True]) < film[0]
    else:
        assert min(low for low, _ in sides[True]) > film[1]
    area = np.linalg.norm(np.cross(*built.atoms.cell[:2]))
    cells = area / np.linalg.norm(np.cross(*recipe_film(name)[:2]))
    assert cells == pytest.approx(round(cells), abs=1e-4)
    edge = recipe.build.shape.octahedra
    if recipe.build.shape.kind == "cube":
        metals = counts(name)["particle"]
        each = (edge if isinstance(edge, int) else edge[0]) ** 3
        assert metals["Pb"] + metals["Sn"] == each * np.prod(recipe.build.count)


def recipe_film(name):
    return result(name).slabs["film"].stacking.cell


def test_a_particle_is_turned_and_kept_away():
    name = "pea2pbbr4-cspbbr3-epitaxial-rotated"
    found = part_atoms(name)
    particle, film = (found[part] for part in ("particle", "film"))
    lead = particle.positions[particle.numbers == 82]
    steps = (lead[:, None] - lead[None]).reshape(-1, 3)
    flat = steps[(np.linalg.norm(steps, axis=1) < 6) & (np.abs(steps[:, :2]).max(axis=1) > 1)]
    base = film.positions[film.numbers == 82]
    rows = (base[:, None] - base[None]).reshape(-1, 3)
    rows = rows[(np.linalg.norm(rows, axis=1) < 6.2) & (np.linalg.norm(rows, axis=1) > 1)]
    angles = [np.degrees(np.arctan2(s[:, 1], s[:, 0])) % 90 for s in (flat, rows)]
    turned = (np.median(angles[0]) - np.median(angles[1])) % 90
    assert min(turned - 23, turned - 67, key=abs) == pytest.approx(0, abs=1.0)
    assert particle.positions[:, 2].min() - film.positions[film.numbers == 7, 2].max() > 15


def test_ligands_are_where_they_are_asked_for():
    found = counts("pea2pbbr4-cspbbr3-epitaxial-oleylammonium")
    nitrogen = found["particle"]["N"]
    assert found["particle"]["C"] == 18 * nitrogen > 0
    assert found["particle"]["Pb"] == 27


def test_a_cube_of_the_closed_form_stands_on_the_chiral_sheet():
    for end in ("", "-s"):
        assert counts(f"rmba2pbi4-cspbbr3-chiral{end}")["particle"] == {
            "Cs": 54,
            "Pb": 27,
            "Br": 108,
        }


@pytest.mark.parametrize(
    ("name", "sign"), [("rmba2pbi4-cspbbr3-chiral", -1), ("rmba2pbi4-cspbbr3-chiral-s", 1)]
)
def test_the_sheet_keeps_its_hand(name, sign):
    film = part_atoms(name)["film"]
    symbols = np.array(film.get_chemical_symbols())
    distances = film.get_all_distances(mic=True)
    bonded = (distances < 1.7) & (distances > 0.1)
    for nitrogen in np.flatnonzero(symbols == "N"):
        (centre,) = np.flatnonzero(bonded[nitrogen] & (symbols == "C"))
        carbons = np.flatnonzero(bonded[centre] & (symbols == "C"))
        held = [(bonded[carbon] & (symbols == "H")).sum() for carbon in carbons]
        phenyl, methyl = (carbons[held.index(count)] for count in (0, 3))
        around = film.get_distances(centre, [nitrogen, phenyl, methyl], mic=True, vector=True)
        assert np.sign(np.linalg.det(around)) == sign  # R, by the rule of Cahn, Ingold and Prelog
