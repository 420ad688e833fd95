"""Stacks of the gallery: what each part holds, counted by hand, and one fact more of each."""

import re
from collections import Counter
from functools import cache
from math import sqrt

import numpy as np
import pytest
from ase.formula import Formula

from heterobuild.labels import REGION
from heterobuild.recipes import dry_run
from heterobuild.recipes.gallery import gallery_names, gallery_recipe, gallery_text

MA, FA = "(CNH6)", "(CN2H5)"
PEA, BA, PMA, NMA = "(C8NH12)", "(C4NH12)", "(C7NH10)", "(C11NH12)"
FPEA, TEFBTT = "(C8NH11F)", "(C16H13N3S3F)"


def capped(spacer, a, b, x):
    """Two cells of ABX3, four layers and one more plane of AX, spacers on both faces."""
    return f"{spacer}4{a}6{b}8{x}26"


EXPECTED = {
    "cspbbr3-mapbcl3-vertical": {"film": "Cs7Pb6Br19", "substrate": f"({MA}PbCl3)6"},
    "cspbbr3-mapbcl3-vertical-orthorhombic": {
        "film": "Cs10Pb8Br26",
        "substrate": f"({MA}PbCl3)8",
    },
    "mapbi3-mapb0.5sn0.5i3-vertical": {
        "film": f"{MA}16Pb8Sn8I48",
        "substrate": f"({MA}PbI3)32",
    },
    "facspbbr3-facspbi3-100-010-100": {
        "film": f"{FA}14Cs2Pb16Br48",
        "substrate": f"{FA}14Cs2Pb16I48",
    },
    "facspbbr3-facspbi3-100-010-010": {
        "film": f"{FA}14Cs2Pb16Br48",
        "substrate": f"{FA}14Cs2Pb16I48",
    },
    "fapbbr3-masnbr3-vertical": {"film": f"({MA}SnBr3)4", "substrate": f"({FA}PbBr3)4"},
    "graphene-barrier": {"substrate": "Cs12Pb9Br30", "sheet": "C40", "upper": "Cs12Pb9I30"},
    "graphene-barrier-remote": {"substrate": "Al30O45", "sheet": "C40", "film": "Cs12Pb9Br30"},
    "pea2csnsni-cssni3-vertical": {
        "film": f"{PEA}4Cs2Sn4I14",
        "substrate": capped(PEA, "Cs", "Sn", "I"),
    },
    "pea2pbbr4-cspbbr3-epitaxial": {
        "film": f"{PEA}4Pb2Br8",
        "substrate": capped(PEA, "Cs", "Pb", "Br"),
    },
    "pea2pbbr4-cspbbr3-epitaxial-ba": {
        "film": f"{BA}4Pb2Br8",
        "substrate": capped(BA, "Cs", "Pb", "Br"),
    },
    "pea2pbbr4-cspbbr3-epitaxial-pma": {
        "film": f"{PMA}4Pb2Br8",
        "substrate": capped(PMA, "Cs", "Pb", "Br"),
    },
    "pea2pbbr4-cspbbr3-epitaxial-nma": {
        "film": f"{NMA}4Pb2Br8",
        "substrate": capped(NMA, "Cs", "Pb", "Br"),
    },
    "pea2pbbr4-cspbbr3-epitaxial-direct": {
        "film": f"{PEA}6Pb4Br14",
        "substrate": "Cs10Pb8Br26",
    },
    "pea2pbbr4-cs2agbibr6-epitaxial": {
        "film": f"{PEA}4Pb2Br8",
        "substrate": f"{PEA}4Cs6Ag4Bi4Br26",
    },
    "pfpea2pbi4-cspbixbr3-x-vertical": {
        "film": f"{FPEA}4Cs2Pb4I14",
        "substrate": f"{FPEA}4Cs6Pb8I13Br13",
    },
    "pfpea2pbbrcl4-cspbbr3-xclx-vertical": {
        "film": f"{FPEA}4Pb2Br4Cl4",
        "substrate": f"{FPEA}4Cs6Pb8Br17Cl9",  # two thirds of 26 are 17.3
    },
    "tefbtt2pbi4-3d-vertical": {
        "film": f"{TEFBTT}4Pb2I8",
        "substrate": capped(TEFBTT, FA, "Pb", "I"),
    },
    "cs4pbcl6-cspbbr3-vertical": {"film": "(Cs4PbCl6)8", "substrate": "Cs60Pb45Br150"},
    "rmba2pbi4-cspbbr3-chiral-iodide": {
        "film": f"{PEA}4Pb2I8",  # MBA and PEA are isomers
        "substrate": capped(PEA, "Cs", "Pb", "I"),
    },
    "ba2man-1pbni3n+1-mapbi3-series": {
        "substrate": capped(BA, MA, "Pb", "I"),
        "n4": f"{BA}4{MA}6Pb8I26",
        "n3": f"{BA}4{MA}4Pb6I20",
        "n2": f"{BA}4{MA}2Pb4I14",
        "n1": f"{BA}4Pb2I8",
    },
    "pea2fasni-fa0.9cs0.1sni3-vertical": {
        "substrate": f"{PEA}4Sn2I8",
        "second": f"{PEA}4{FA}2Sn4I14",
        "film": None,  # which ions the caps replace is drawn, see below
    },
}
EXPECTED["rmba2pbi4-cspbbr3-chiral-iodide-s"] = EXPECTED["rmba2pbi4-cspbbr3-chiral-iodide"]
for layers in (1, 2, 3, 4):
    EXPECTED[f"ba2man-1pbni3n+1-mapbi3-series-n{layers}"] = {
        "film": f"{BA}4{MA}{2 * layers - 2}Pb{2 * layers}I{6 * layers + 2}".replace(f"{MA}0", ""),
        "substrate": capped(BA, MA, "Pb", "I"),
    }
OTHERS = {"mapbbr3-mapbi3-graded", "ptla-cspbibr-intragrain"}
SLOW = {
    "ba2man-1pbni3n+1-mapbi3-series",
    "ba2man-1pbni3n+1-mapbi3-series-n2",
    "ba2man-1pbni3n+1-mapbi3-series-n3",
    "ba2man-1pbni3n+1-mapbi3-series-n4",
    "pfpea2pbi4-cspbixbr3-x-vertical",
    "rmba2pbi4-cspbbr3-chiral-iodide-s",
    "tefbtt2pbi4-3d-vertical",
}
"""Packing of spacers takes several seconds."""

LARGE = [
    name
    for name in gallery_names()
    if name.endswith("-md") and gallery_recipe(name).kind in ("vertical", "multilayer")
]
CHARGED_FACES = {"pea2pbbr4-cspbbr3-epitaxial-direct": {"dipole"}}


def cases(names):
    return [
        pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in sorted(names)
    ]


@cache
def result(name):
    return dry_run(gallery_recipe(name))


def parts_of(built):
    symbols = np.array(built.atoms.get_chemical_symbols())
    codes = built.atoms.arrays[REGION]
    return {
        part.name: dict(Counter(symbols[codes == part.code].tolist())) for part in built.regions
    }


def heights(built, element, part=None):
    chosen = np.array(built.atoms.get_chemical_symbols()) == element
    if part is not None:
        (code,) = [region.code for region in built.regions if region.name == part]
        chosen &= built.atoms.arrays[REGION] == code
    return built.atoms.positions[chosen, 2]


def test_no_stack_is_forgotten():
    kinds = {name: gallery_recipe(name).kind for name in gallery_names()}
    stacks = {name for name, kind in kinds.items() if kind in ("vertical", "multilayer")}
    assert stacks == set(EXPECTED) | OTHERS | set(LARGE)


def judge(name):
    got = result(name)
    assert got.recipe.name == name
    assert got.report.passed
    assert abs(got.built.atoms.arrays["formal_charge"].sum()) < 1e-9
    comment = gallery_text(name).partition("schema_version")[0].replace("\n# ", " ")
    (told,) = re.findall(r"(\d+) atoms", comment)
    assert len(got.built.atoms) == int(told)
    return got


@pytest.mark.parametrize("name", cases(set(EXPECTED) | OTHERS))
def test_a_stack_passes_and_has_the_atoms_that_its_comment_tells(name):
    got = judge(name)
    warned = {finding.check for finding in got.report.findings if finding.level == "warning"}
    assert warned == CHARGED_FACES.get(name, set())


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_large_stack_passes(name):
    judge(name)


@pytest.mark.parametrize("name", cases(EXPECTED))
def test_parts_hold_the_ions_that_counting_gives(name):
    found = parts_of(result(name).built)
    assert set(found) == set(EXPECTED[name])
    for part, formula in EXPECTED[name].items():
        if formula is not None:
            assert found[part] == Formula(formula).count(), part


def test_caps_on_an_alloy_leave_the_rest_of_its_cations():
    film = parts_of(result("pea2fasni-fa0.9cs0.1sni3-vertical").built)["film"]
    fa = film["C"] - 4 * 8
    assert fa + film.get("Cs", 0) == 10 - 4
    assert film["N"] == 4 + 2 * fa
    assert (film["Sn"], film["I"]) == (8, 26)


def test_two_layers_of_spacers_part_the_lead_planes():
    built = result("pea2pbbr4-cspbbr3-epitaxial").built
    apart = heights(built, "Pb", "film").min() - heights(built, "Pb", "substrate").max()
    crystal = 33.33 / 2
    assert apart == pytest.approx(crystal, rel=0.03)
    assert 17 - apart < 1  # published: 17 to 18 Å
    lower = heights(built, "N", "substrate").max()
    upper = heights(built, "N", "film").min()
    assert 5 < upper - lower < 14  # heads on both faces, tails between


def test_a_sheet_that_is_bonded_shares_a_plane_of_bromide():
    built = result("pea2pbbr4-cspbbr3-epitaxial-direct").built
    apart = heights(built, "Pb", "film").min() - heights(built, "Pb", "substrate").max()
    assert apart == pytest.approx(5.874, abs=0.01)


def test_sheets_grow_thinner_upward():
    built = result("ba2man-1pbni3n+1-mapbi3-series-n1").built
    assert len(np.unique(heights(built, "Pb", "film").round(1))) == 1
    assert heights(built, "Pb", "film").min() > heights(built, "Pb", "substrate").max()


@pytest.mark.slow
def test_the_series_stands_on_one_crystal():
    built = result("ba2man-1pbni3n+1-mapbi3-series").built
    planes = [len(np.unique(heights(built, "Pb", f"n{n}").round(0))) for n in (4, 3, 2, 1)]
    assert planes == [4, 3, 2, 1]


def test_tin_sheets_lie_below():
    built = result("pea2csnsni-cssni3-vertical").built
    assert heights(built, "Sn", "film").max() < heights(built, "Sn", "substrate").min()
    built = result("pea2fasni-fa0.9cs0.1sni3-vertical").built
    order = [heights(built, "Sn", part).mean() for part in ("substrate", "second", "film")]
    assert order == sorted(order)


def test_halides_of_a_graded_film_mix_and_are_conserved():
    built = result("mapbbr3-mapbi3-graded").built
    total = Counter(built.atoms.get_chemical_symbols())
    assert (total["Br"], total["I"]) == (72, 72)  # 3 × 6 layers × 4 cells
    wall = (heights(built, "Pb", "substrate").max() + heights(built, "Pb", "film").min()) / 2
    bromide, iodide = heights(built, "Br") - wall, heights(built, "I") - wall
    assert ((bromide > 0) & (bromide < 15)).sum() >= 3
    assert bromide.max() < 15 > -iodide.min()  # one width away nothing is left


def test_strain_of_a_cubic_pair_is_the_same_on_both_faces():
    seen = []
    for face in ("100", "010"):
        got = result(f"facspbbr3-facspbi3-100-010-{face}")
        film, substrate = (got.slabs[part].crystal.cell[0, 0] for part in ("film", "substrate"))
        assert 100 * (film / substrate - 1) == pytest.approx(-6.0, abs=0.05)
        strain = {part.name: part.strain for part in got.built.regions}
        assert strain["film"][0, 0] == pytest.approx(sqrt(substrate / film) - 1, abs=1e-6)
        assert strain["substrate"][0, 0] == pytest.approx(sqrt(film / substrate) - 1, abs=1e-6)
        seen.append(strain["film"])
    assert np.allclose(*seen, atol=1e-9)


@pytest.mark.parametrize("name", ["graphene-barrier", "graphene-barrier-remote"])
def test_graphene_is_one_flat_sheet_that_bonds_to_nothing(name):
    atoms = result(name).built.atoms
    carbon = atoms.numbers == 6
    assert np.ptp(atoms.positions[carbon, 2]) < 1e-6
    others = np.abs(atoms.positions[~carbon, 2] - atoms.positions[carbon, 2].mean())
    assert others.min() > 2.8
    distances = atoms[carbon].get_all_distances(mic=True)
    nearest = np.sort(distances, axis=1)[:, 1:4]
    assert nearest == pytest.approx(1.42, rel=0.06)


def hands(built):
    """Sign of N, phenyl and methyl around each stereocentre: negative is R, by hand."""
    atoms, found = built.atoms, []
    distances = atoms.get_all_distances(mic=True)
    vectors = atoms.get_all_distances(mic=True, vector=True)
    symbols = np.array(atoms.get_chemical_symbols())
    bonded = (distances < 1.7) & (distances > 0.1)
    for nitrogen in np.flatnonzero(symbols == "N"):
        (centre,) = [other for other in np.flatnonzero(bonded[nitrogen]) if symbols[other] == "C"]
        carbons = [other for other in np.flatnonzero(bonded[centre]) if symbols[other] == "C"]
        hydrogens = [(symbols[np.flatnonzero(bonded[c])] == "H").sum() for c in carbons]
        assert sorted(hydrogens) == [0, 3]
        phenyl, methyl = (carbons[hydrogens.index(count)] for count in (0, 3))
        around = [vectors[centre, other] for other in (nitrogen, phenyl, methyl)]
        found.append(np.sign(np.linalg.det(around)))
    return found


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("rmba2pbi4-cspbbr3-chiral-iodide", -1),
        pytest.param("rmba2pbi4-cspbbr3-chiral-iodide-s", 1, marks=pytest.mark.slow),
    ],
)
def test_all_molecules_keep_their_hand(name, sign):
    assert hands(result(name).built) == [sign] * 8


def test_a_lamella_holds_one_molecule_and_is_expanded():
    built = result("ptla-cspbibr-intragrain").built
    parts = parts_of(built)
    assert (parts["expanded"]["C"], parts["expanded"]["S"]) == (13, 1)  # C13H21N4O4S+
    assert set(parts["substrate"]) == {"Cs", "Pb", "I", "Br"}
    assert parts["substrate"]["Pb"] == 9 * 4
    strain = {region.name: region.strain[2, 2] for region in built.regions}
    assert strain["expanded"] == pytest.approx(0.015)
    assert strain["substrate"] == pytest.approx(0)
    assert all(built.atoms.pbc)
