"""Stacks beyond two perovskites, measured again on their atoms and by independent programs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from ase.build import graphene as ase_graphene
from ase.neighborlist import natural_cutoffs, neighbor_list
from pymatgen.io.ase import AseAtomsAdaptor
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from heterobuild.architectures.multilayer import Multilayer
from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.labels import MOLECULE, REGION
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab
from heterobuild.validation import check

VDW = {"H": 1.2, "C": 1.77, "N": 1.66, "Br": 1.86, "I": 2.04}  # Å, Alvarez 2013


def slab(name, face="001", **options):
    return cut_slab(load_crystal(name), face, **({"layers": 1} | options))


def values(built, name):
    return [step.values for step in built.steps if step.name == name]


def steps_between(points, cell, length):
    """Vectors in the plane between atoms, all images, that are about as long as wanted."""
    points = (points @ np.linalg.inv(cell) % 1) @ cell
    images = np.stack(np.meshgrid(*[np.arange(-2, 3)] * 2), axis=-1).reshape(-1, 2) @ cell
    apart = (points[:, None, None] - points[None, :, None] + images).reshape(-1, 2)
    size = np.linalg.norm(apart, axis=1)
    return apart[np.abs(size - length) < 0.12 * length]


def principal_strains(found, hexagonal, length):
    """Strains of a lattice from its shortest translations: their second moment is the strain."""
    assert len(found) % (6 if hexagonal else 4) == 0
    moment = found.T @ found / len(found) * 2 / length**2
    return np.sqrt(np.linalg.eigvalsh(moment))[::-1] - 1


@pytest.fixture(scope="module")
def sandwiched():
    parts = (
        slab("CsPbBr3_cubic", layers=2, bottom="CsBr", top="CsBr"),
        slab("graphene"),
        slab("CsPbI3_alpha", layers=2, bottom="CsI", top="CsI"),
    )
    limits = MatchLimits(max_strain=0.05, max_area=400)
    return Multilayer(limits=limits, strain="stiffness").build(
        *parts, names=("bromide", "sheet", "iodide")
    )


def test_strains_of_a_three_way_coincidence_are_those_of_the_atoms(sandwiched):
    atoms, cell = sandwiched.atoms, sandwiched.atoms.cell[:2, :2]
    told = {entry["part"]: entry["principal_engineering"] for entry in values(sandwiched, "strain")}
    cases = (
        (1, "bromide", 82, load_crystal("CsPbBr3_cubic").cell[0, 0], False),
        (2, "sheet", 6, ase_graphene(a=2.4612).cell[0, 0], True),
        (3, "iodide", 82, load_crystal("CsPbI3_alpha").cell[0, 0], False),
    )
    for region, name, number, length, hexagonal in cases:
        chosen = (atoms.arrays[REGION] == region) & (atoms.numbers == number)
        points = atoms.positions[chosen]
        points = points[np.abs(points[:, 2] - points[0, 2]) < 0.1][:, :2]
        if hexagonal:
            # The bonds of a honeycomb have the second moment of its translations, over three.
            found = steps_between(points, cell, length / np.sqrt(3)) * np.sqrt(3)
        else:
            found = steps_between(points, cell, length)
        measured = principal_strains(found, hexagonal, length)
        # The moment is exact to first order; the strains are up to 5 %.
        assert measured == pytest.approx(told[name], abs=2e-3), name
        assert np.abs(told[name]).max() > 1e-4, name


def test_composition_and_distances_of_a_sandwich(sandwiched):
    structure = AseAtomsAdaptor.get_structure(sandwiched.atoms)
    area = values(sandwiched, "common cell")[0]["area_A2"]
    cells = round(area / load_crystal("CsPbBr3_cubic").cell[0, 0] ** 2)
    amounts = structure.composition.get_el_amt_dict()
    assert amounts["Br"] == 7 * cells  # 2 layers from CsBr to CsBr: Cs3Pb2Br7
    assert amounts["Cs"] == amounts["Pb"] * 3 / 2
    region = sandwiched.atoms.arrays[REGION]
    distance = structure.distance_matrix
    across = distance[np.ix_(region == 2, region != 2)].min()
    inside = distance[np.ix_(region == 2, region == 2)]
    assert 3.3 < across < 3.8
    assert inside[inside > 0].min() == pytest.approx(1.421, rel=0.05)
    assert check(sandwiched).passed


@pytest.mark.parametrize(
    ("lower", "upper", "spacing"),
    # Interlayer distances of graphite, hexagonal boron nitride and their heterostructure, Å.
    [("graphene", "graphene", 3.35), ("hBN", "hBN", 3.33), ("graphene", "hBN", 3.33)],
)
def test_spacing_of_sheets(lower, upper, spacing):
    limits = MatchLimits(max_strain=0.03, max_area=50)
    built = Multilayer(limits=limits).build(slab(lower), slab(upper))
    assert values(built, "gap")[0]["gap_A"] == pytest.approx(spacing, abs=0.1)


def test_remote_epitaxy_follows_the_crystal_below_the_sheet():
    film = slab("CsPbBr3_cubic", layers=2, bottom="CsBr", top="CsBr")
    limits = MatchLimits(max_strain=0.05, max_area=200)
    through = Multilayer(limits=limits).build(
        slab("sapphire"), slab("graphene"), film, names=("sapphire", "sheet", "film")
    )
    told = {entry["part"]: entry["principal_engineering"] for entry in values(through, "strain")}
    assert told["sapphire"] == [0.0, 0.0]
    # Two cells of graphene, 4.922 Å, on one of sapphire, 4.759 Å.
    assert told["sheet"] == pytest.approx([4.759 / 4.922 - 1] * 2, abs=2e-3)
    assert max(abs(strain) for strain in told["film"]) < 0.05
    assert check(through).passed


@pytest.mark.parametrize(
    ("sheet", "crystal", "bottom", "last", "end"),
    [
        ("PEA2PbBr4", "CsPbBr3_cubic", 1, 2, "PbBr2"),
        ("PEA2PbBr4", "CsPbBr3_cubic", 0, 2, "CsBr"),
        ("PEA2PbBr4", "CsPbBr3_cubic", 3, 2, "CsBr"),
        ("BA2PbI4", "MAPbI3_cubic", 1, 2, "PbI2"),
        ("BA2PbI4", "MAPbI3_cubic", 0, 2, "MAI"),
        ("BA2MAPb2I7", "MAPbI3_cubic", 2, 3, "PbI2"),
        ("BA2MA2Pb3I10", "MAPbI3_cubic", None, None, "MAI"),
        ("BA2MA3Pb4I13", "MAPbI3_cubic", None, None, "MAI"),
    ],
)
def test_contacts_of_sheets_on_perovskites(sheet, crystal, bottom, last, end):
    base = slab(crystal, layers=2, top=end)
    film = slab(sheet, bottom=bottom, top=last)
    limits = MatchLimits(max_strain=0.05, max_area=100)
    built = Vertical(limits=limits).build(film, base)
    report = check(built)
    assert report.passed, [entry.message for entry in report.findings if entry.level == "error"]
    continues = values(built, "gap")[0]["network_continues"]
    assert continues is (bottom in (0, 1) or (sheet == "BA2MAPb2I7" and bottom == 2))
    # Hydrogens across the interface keep 0.7 of the van der Waals sum from halides, others 0.8.
    atoms = built.atoms
    i, j, distance = neighbor_list("ijd", atoms, 3.2)
    symbols = np.array(atoms.get_chemical_symbols())
    region, molecule = atoms.arrays[REGION], atoms.arrays[MOLECULE]
    cross = (region[i] == 1) & (region[j] == 2) & (molecule[j] > 0) & np.isin(symbols[i], list(VDW))
    for one, other, length in zip(i[cross], j[cross], distance[cross], strict=True):
        share = length / (VDW[symbols[one]] + VDW[symbols[other]])
        assert share > 0.69, (symbols[one], symbols[other], length)


def test_two_layers_of_pea_stand_between_sheets_as_in_the_crystal():
    film = slab("PEA2PbBr4", bottom=1, top=2)
    base = slab("CsPbBr3_cubic", layers=2, bottom="CsBr", top="PbBr2")
    limits = MatchLimits(max_strain=0.05, max_area=100)
    built = Vertical(limits=limits).build(film, base)
    (told,) = values(built, "inorganic sheets")
    lead = np.unique(built.atoms.positions[built.atoms.numbers == 82, 2].round(3))
    assert told["metal_planes_A"] == pytest.approx(np.diff(lead).max(), abs=2e-3)
    # 1.7 nm in the literature for two layers of PEA is a distance of metals, not of halides.
    assert told["metal_planes_A"] == pytest.approx(17.0, abs=0.6)
    assert told["halide_planes_A"] < 11


@pytest.mark.parametrize("face", ["100", "010"])
def test_standing_sheets_keep_their_molecules(face):
    film = slab("BA2PbI4", face, layers=2)
    base = slab("FA0.83Cs0.17PbI3", layers=1)
    limits = MatchLimits(max_strain=0.05, max_area=300)
    built = Vertical(limits=limits).build(film, base)
    assert check(built).passed
    upper = built.atoms[built.atoms.arrays[REGION] == 2]
    organic = upper[np.isin(upper.numbers, (1, 6, 7))]
    i, j = neighbor_list("ij", organic, natural_cutoffs(organic, mult=1.1))
    graph = coo_matrix((np.ones(len(i)), (i, j)), shape=(len(organic),) * 2)
    count, label = connected_components(graph, directed=False)
    assert set(np.bincount(label)) == {17}  # butylammonium, C4H12N
    assert count == len(set(organic.arrays[MOLECULE])) == 2 * (upper.numbers == 82).sum()
    # Sheets stand: their spacing lies in the plane of the interface.
    w = np.round(film.basis[:2], 6)
    assert np.abs(w[:, 2]).max() > 0.4


@pytest.mark.parametrize("seed", range(3))
def test_a_film_is_turned_as_asked(seed):
    asked = float(np.random.default_rng(seed).uniform(8, 82))
    limits = MatchLimits(max_strain=0.05, max_area=1600, rotation=asked)
    built = Vertical(limits=limits).build(slab("CsPbBr3_cubic"), slab("CsPbI3_alpha"))
    atoms = built.atoms
    angles = []
    for region, length in ((1, 6.289), (2, 5.874)):
        chosen = (atoms.arrays[REGION] == region) & (atoms.numbers == 82)
        vectors = steps_between(atoms.positions[chosen][:, :2], atoms.cell[:2, :2], length)
        # Edges of a square differ by quarter turns; the mean of four times the angle is free.
        turn = np.exp(4j * np.arctan2(vectors[:, 1], vectors[:, 0])).mean()
        angles.append(np.degrees(np.angle(turn)) / 4)
    measured = (angles[1] - angles[0]) % 90
    assert measured == pytest.approx(built.match.rotation % 90, abs=0.3)
    assert built.match.rotation == pytest.approx(asked, abs=0.5)
    assert check(built).passed


@pytest.mark.parametrize(
    ("film", "face", "base_face", "strain"),
    [("CsPb2Br5", "001", "001", 0.03), ("Cs4PbBr6", "001", "111", 0.06)],
)
def test_other_prototypes_on_perovskites(film, face, base_face, strain):
    limits = MatchLimits(max_strain=strain, max_area=700)
    built = Vertical(limits=limits).build(
        slab(film, face), slab("CsPbBr3_cubic", base_face, layers=2)
    )
    assert check(built).passed
    assert any("is polar" in notice for notice in built.notices)
    radii = {"Cs": 1.88, "Pb": 1.19, "Br": 1.96}  # Å, Shannon; Cs with twelve neighbours
    i, j, distance = neighbor_list("ijd", built.atoms, 4.2)
    region = built.atoms.arrays[REGION]
    symbols = np.array(built.atoms.get_chemical_symbols())
    cross = (region[i] == 1) & (region[j] == 2)
    shares = [
        length / (radii[a] + radii[b])
        for a, b, length in zip(symbols[i[cross]], symbols[j[cross]], distance[cross], strict=True)
    ]
    assert min(shares) == pytest.approx(1, abs=1e-3)


def test_a_series_of_layered_phases_on_its_perovskite():
    names = ("BA2MA3Pb4I13", "BA2MA2Pb3I10", "BA2MAPb2I7", "BA2PbI4")
    base = slab("MAPbI3_cubic", layers=2, bottom="MAI", top="MAI")
    limits = MatchLimits(max_strain=0.05, max_area=100)
    built = Multilayer(limits=limits).build(
        base, *(slab(name) for name in names), names=("3D", "n4", "n3", "n2", "n1")
    )
    assert check(built).passed
    lead = np.sort(built.atoms.positions[built.atoms.numbers == 82, 2])
    planes = lead[np.diff(lead, prepend=-9) > 1]
    sheets = np.split(planes, np.flatnonzero(np.diff(planes) > 9) + 1)
    assert [len(sheet) for sheet in sheets] == [2, 4, 3, 2, 1]
    formula = built.atoms.symbols.formula.count()
    # Two cells of MAPbI3 in the plane with one more MAI, and one formula unit twice a phase.
    assert formula["Pb"] == 2 * (2 + 4 + 3 + 2 + 1)
    assert formula["I"] == 2 * (7 + 13 + 10 + 7 + 4)
    assert formula["N"] == 2 * (3 + 5 + 4 + 3 + 2)
    spacings = [entry["metal_planes_A"] for entry in values(built, "inorganic sheets")]
    gaps = [high[0] - low[-1] for low, high in pairwise(sheets)]
    assert spacings == pytest.approx(gaps, abs=0.01)


def test_a_sheet_from_a_file_is_the_one_of_the_library(tmp_path):
    from ase.io import write

    sheet = ase_graphene(a=load_crystal("graphene").cell[0, 0], vacuum=7.5)
    sheet.pbc = True
    write(tmp_path / "sheet.cif", sheet)
    limits = MatchLimits(max_strain=0.05, max_area=200)
    base = slab("CsPbBr3_cubic", layers=2, bottom="CsBr", top="CsBr")
    ours, theirs = (
        Multilayer(limits=limits).build(base, cut_slab(crystal, "001", layers=1))
        for crystal in (load_crystal("graphene"), load_crystal(tmp_path / "sheet.cif"))
    )
    assert len(ours.atoms) == len(theirs.atoms)
    gaps = [values(built, "gap")[0]["gap_A"] for built in (ours, theirs)]
    assert gaps[0] == pytest.approx(gaps[1], abs=0.1)
    strains = [values(built, "strain")[1]["principal_engineering"] for built in (ours, theirs)]
    assert strains[0] == pytest.approx(strains[1], abs=1e-3)


@pytest.mark.parametrize(
    ("sheet", "crystal", "end"),
    [("PEA2PbBr4", "CsPbBr3_cubic", "PbBr2"), ("PEA2PbI4", "CsPbI3_alpha", "PbI2")],
)
def test_ammonium_heads_sit_in_the_pockets_of_the_perovskite(sheet, crystal, end):
    film = slab(sheet, bottom=1, top=2)
    base = slab(crystal, layers=2, top=end)
    limits = MatchLimits(max_strain=0.05, max_area=100)
    atoms = Vertical(limits=limits).build(film, base).atoms
    symbols, region = np.array(atoms.get_chemical_symbols()), atoms.arrays[REGION]
    nitrogen = atoms.positions[(symbols == "N") & (region == 2)]
    lowest = nitrogen[nitrogen[:, 2] < nitrogen[:, 2].min() + 2]
    pockets = atoms.positions[(symbols == "Cs") & (region == 1)]
    away = lowest[:, None, :2] - pockets[None, :, :2]
    cell = atoms.cell[:2, :2]
    fractions = away @ np.linalg.inv(cell)
    away = np.linalg.norm((fractions - np.round(fractions)) @ cell, axis=-1).min(axis=1)
    assert len(lowest) == 2
    # In the crystals the heads lean towards a halide, 1 to 1.5 Å off the middle of the pocket.
    assert away.max() < 1.6
    # Heads lie about as high as A cations would: half a cell above the last metals.
    top = atoms.positions[(symbols == "Pb") & (region == 1), 2].max()
    assert lowest[:, 2] - top == pytest.approx([load_crystal(crystal).cell[0, 0] / 2] * 2, abs=1.2)
