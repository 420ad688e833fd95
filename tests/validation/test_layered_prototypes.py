"""Layered models against measured crystals, and against programs that nobody here wrote.

Spacings and in-plane lengths are predicted with the whole compound left out of everything that is
fitted. Contacts are judged by the checks with the strict limits 0.8 and 0.7 of the sums of van der
Waals radii; molecules are counted by ASE's neighbour list, symmetry by spglib.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product
from time import perf_counter

import numpy as np
import pytest
import spglib
from ase import Atoms
from ase.data import covalent_radii
from ase.neighborlist import neighbor_list
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.transform import Rotation

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals import load_phase
from heterobuild.crystals.phase_files import phase_files
from heterobuild.layered.building import build_layered, layered_crystal
from heterobuild.layered.options import LayeredIons, LayeredOptions, Prototype
from heterobuild.model import Crystal
from heterobuild.slabs import cut_slab, stack_planes
from heterobuild.validation.charge import check_charge
from heterobuild.validation.contacts import check_contacts
from heterobuild.validation.limits import CheckLimits
from heterobuild.validation.view import view_atoms

pytestmark = pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")

STRICT = CheckLimits(vdw_error=0.8, hydrogen_bond_error=0.7)

SERIES = [
    *(f"PEA2MAn-1PbnI3n+1, n = {n}" for n in range(1, 11)),
    *(f"BA2Csn-1PbnBr3n+1, n = {n}" for n in (1, 2, 3, 10)),
    *(f"PEA2FAn-1SnnI3n+1, n = {n}" for n in (1, 2, 4)),
]
OTHERS = [
    "5AVA2FA3Pb4I13",
    "pFPEA2PbBr4",
    "TeFBTT2PbI4",
    "(R-MBA)2PbI4",
    "(S-MBA)2MAPb2I7",
    "(3AMP)PbI4",
    "(4AMP)PbI4",
    "(4AMP)MAPb2I7",
    "Cs2PbI2Cl2",
]

MEASURED = [
    "BA2PbI4",
    "BA2MAPb2I7",
    "BA2MA2Pb3I10",
    "BA2MA3Pb4I13",
    "PEA2PbI4",
    "PEA2PbBr4",
    "RMBA2PbI4",
    "PMA2PbI4",
    "BA2MASn2I7",
    "BA2Cs2Pb3Br10",
    "3AMP_PbI4",
    "4AMP_PbI4",
    "4AMP_MAPb2I7",
    "Cs2PbI2Cl2",
]


@cache
def model(formula: str) -> Crystal:
    """Built without anything of the compound itself."""
    compound = parse_compound(formula)
    return build_layered(compound, without=(compound.formula,))


def sheets_of(crystal: Crystal) -> tuple[float, float]:
    """In-plane pseudo-cubic length and spacing in Å from cell and pseudo-cubic rows."""
    axes = crystal.pseudocubic @ crystal.cell
    normal = np.cross(axes[0], axes[1])
    area = np.linalg.norm(normal)
    return float(np.sqrt(area)), float(abs(axes[2] @ normal) / area)


@pytest.mark.parametrize("name", MEASURED)
def test_spacing_is_predicted(name: str) -> None:
    measured = load_phase(name)
    _, spacing = sheets_of(model(measured.formula))
    _, wanted = sheets_of(measured)
    assert spacing == pytest.approx(wanted, rel=0.05)


def test_in_plane_lengths_are_predicted() -> None:
    """1 % on average; the branched spacer of (R-MBA)2PbI4 stretches its sheet by 3.3 %."""
    errors = []
    for name in MEASURED:
        measured = load_phase(name)
        errors.append(sheets_of(model(measured.formula))[0] / sheets_of(measured)[0] - 1)
    assert np.abs(errors).mean() < 0.013
    assert np.abs(errors).max() < 0.035


@pytest.mark.parametrize("formula", [*SERIES, *OTHERS])
def test_every_model_passes_the_strict_checks(formula: str) -> None:
    crystal = model(formula)
    seen = view_atoms(crystal.require_atoms(), limits=STRICT)
    wrong = [finding.message for finding in check_contacts(seen) if finding.level == "error"]
    assert wrong == []
    assert crystal.require_atoms().arrays["formal_charge"].sum() == pytest.approx(0.0, abs=1e-9)
    assert np.linalg.det(crystal.cell) > 0


@pytest.mark.parametrize("formula", [*SERIES, *OTHERS])
def test_composition_by_hand_and_octahedra_by_ase(formula: str) -> None:
    """Atoms of the cell against the formula; each B has six halides within 1.25 bonds."""
    crystal = model(formula)
    atoms = crystal.require_atoms()
    site = atoms.arrays["site"]
    compound = parse_compound(formula)
    ions = {ion: int(n) for part in compound.sublattices for ion, n in part.amounts}
    names = [None, *(molecule.name for molecule in crystal.molecules)]
    _, first = np.unique(atoms.arrays["molecule"], return_index=True)
    units = Counter(names[k] for k in atoms.arrays["kind"][first] if k)
    single = atoms.arrays["molecule"] == 0
    units.update(np.array(atoms.get_chemical_symbols())[single].tolist())
    assert units == {ion: n * crystal.z for ion, n in ions.items() if n}
    i, j, lengths = neighbor_list("ijd", atoms, 4.0)
    bonds = (site[i] == 2) & (site[j] == 3)
    assert np.bincount(i[bonds], minlength=len(atoms))[site == 2].tolist() == [6] * sum(site == 2)
    assert np.ptp(lengths[bonds]) < 0.45 if compound.on("X'").amounts else 0.12


@pytest.mark.parametrize("formula", ["PEA2MA3Pb4I13", "5AVA2FA3Pb4I13", "(4AMP)MAPb2I7"])
def test_molecules_are_whole_and_no_two_are_bonded(formula: str) -> None:
    """Connected pieces of ASE's neighbour list, covalent radii plus 0.25 Å, are the labels."""
    crystal = model(formula)
    atoms = crystal.require_atoms()
    organic = atoms[atoms.arrays["molecule"] > 0]
    reach = [covalent_radii[z] + 0.125 for z in organic.numbers]
    i, j = neighbor_list("ij", organic, reach)
    graph = coo_matrix((np.ones(len(i)), (i, j)), shape=(len(organic), len(organic)))
    count, piece = connected_components(graph, directed=False)
    ids = organic.arrays["molecule"]
    assert count == len(set(ids.tolist()))
    assert len({(p, m) for p, m in zip(piece.tolist(), ids.tolist(), strict=True)}) == count
    spread = organic.get_all_distances(mic=False)[ids[:, None] == ids[None]].max()
    assert spread < 15.0


@pytest.mark.parametrize(
    ("name", "limit"), [("PEA2PbI4", 0.015), ("BA2PbI4_LT", 0.015), ("RMBA2PbI4", 0.03)]
)
def test_first_shells_against_refined_crystals(name: str, limit: float) -> None:
    """Mean B–X, as far off as the in-plane length; N as deep in the pocket as refined."""
    measured = load_phase(name)
    built = model(measured.formula)
    assert shell(built, 2, 3) == pytest.approx(shell(measured, 2, 3), rel=limit)
    assert depths(built).mean() == pytest.approx(depths(measured).mean(), abs=0.15)


@pytest.mark.parametrize("name", ["PEA2PbI4", "RMBA2PbI4"])
def test_bridging_angles_against_the_literature(name: str) -> None:
    """B–X–B as listed in the files of the refined crystals, within 3°."""
    phase = next(entry for entry in phase_files() if entry.name == name)
    atoms = model(phase.formula).require_atoms()
    site = atoms.arrays["site"]
    i, j, vectors = neighbor_list("ijD", atoms, 3.9)
    arms = {int(x): vectors[(i == x) & (site[j] == 2)] for x in np.flatnonzero(site == 3)}
    cosines = [
        a[0] @ a[1] / np.prod(np.linalg.norm(a, axis=1)) for a in arms.values() if len(a) == 2
    ]
    wanted = np.mean(phase.layers["bridging_angles"])
    assert np.degrees(np.arccos(cosines)).mean() == pytest.approx(wanted, abs=3.0)


def shell(crystal: Crystal, inner: int, outer: int) -> float:
    atoms = crystal.require_atoms()
    site = atoms.arrays["site"]
    i, j, lengths = neighbor_list("ijd", atoms, 3.9)
    return float(lengths[(site[i] == inner) & (site[j] == outer)].mean())


def depths(crystal: Crystal) -> np.ndarray:
    """How far below the mean of the four nearest terminal halides each N lies."""
    atoms = crystal.require_atoms()
    site = atoms.arrays["site"]
    normal = np.cross(*(crystal.pseudocubic @ crystal.cell)[:2])
    normal /= np.linalg.norm(normal)
    i, j, vectors = neighbor_list("ijD", atoms, 3.9)
    bridged = np.bincount(i[(site[i] == 3) & (site[j] == 2)], minlength=len(atoms)) > 1
    terminal = (site == 3) & ~bridged
    outward = {
        int(a): vectors[(i == a) & (site[j] == 2)][0] @ normal for a in np.flatnonzero(terminal)
    }
    found = []
    i, j, vectors, lengths = neighbor_list("ijDd", atoms, 6.0)
    for nitrogen in np.flatnonzero(atoms.numbers == 7):
        near = np.flatnonzero((i == nitrogen) & terminal[j])
        near = near[np.argsort(lengths[near])][:4]
        away = -np.sign(outward[int(j[near[0]])])
        found.append(away * (vectors[near] @ normal).mean())
    return np.array(found)


def test_the_inorganic_phase_is_rebuilt() -> None:
    """Cs2PbI2Cl2 from its formula; pymatgen finds it the same structure as the refined one."""
    from pymatgen.analysis.structure_matcher import StructureMatcher
    from pymatgen.io.ase import AseAtomsAdaptor

    built, measured = model("Cs2PbI2Cl2"), load_phase("Cs2PbI2Cl2")
    assert (built.space_group, built.z) == (measured.space_group, measured.z) == ("I4/mmm", 2)
    assert built.cell.diagonal() == pytest.approx(measured.cell.diagonal(), rel=0.015)
    ours, theirs = (
        AseAtomsAdaptor.get_structure(
            Atoms(a.numbers, positions=a.positions, cell=a.cell, pbc=True)
        )
        for a in (built.require_atoms(), measured.require_atoms())
    )
    scale = (ours.volume / len(ours)) ** (1 / 3)  # Å; pymatgen's unit of displacements
    displacement, farthest = StructureMatcher().get_rms_dist(ours, theirs)
    assert displacement * scale < 0.05
    assert farthest * scale < 0.1


def chirality(atoms: Atoms) -> set[int]:
    """Signs of the stereo-centres: a carbon with H, N, CH3 and an aromatic carbon."""
    signs = set()
    for molecule in set(atoms.arrays["molecule"][atoms.arrays["site"] == 4].tolist()):
        body = atoms[atoms.arrays["molecule"] == molecule]
        gaps = np.linalg.norm(body.positions[:, None] - body.positions[None], axis=-1)
        hydrogen = (body.numbers[:, None] == 1) | (body.numbers[None] == 1)
        bonded = (gaps < np.where(hydrogen, 1.25, 1.75)) & (gaps > 0)
        for centre in np.flatnonzero(body.numbers == 6):
            near = np.flatnonzero(bonded[centre])
            if sorted(body.numbers[near].tolist()) != [1, 6, 6, 7]:
                continue
            hydrogens = [int((body.numbers[bonded[n]] == 1).sum()) for n in near]
            order = sorted(range(4), key=lambda k: (body.numbers[near[k]], hydrogens[k]))
            arms = body.positions[near[order]] - body.positions[centre]
            signs.add(int(np.sign(np.linalg.det(arms[1:]))))
    return signs


def test_chiral_spacers_make_chiral_crystals() -> None:
    """R stays R, S stays S, and spglib finds no improper operation in either crystal."""
    refined = chirality(load_phase("RMBA2PbI4").require_atoms())
    right, left = model("(R-MBA)2PbI4"), model("(S-MBA)2PbI4")
    assert len(refined) == 1
    assert chirality(right.require_atoms()) == refined
    assert chirality(left.require_atoms()) == {-sign for sign in refined}
    for crystal in (right, left):
        atoms = crystal.require_atoms()
        cell = (crystal.cell, atoms.get_scaled_positions(), atoms.numbers)
        rotations = spglib.get_symmetry(cell, symprec=0.01)["rotations"]
        assert (np.rint(np.linalg.det(rotations)) == 1).all()


ENANTIOMERS = [
    "({}-MBA)2PbI4",
    "({}-MBA)2PbBr4",
    "({}-MBA)2SnI4",
    "({}-MBA)2MAPb2I7",
    "({}-MBA)2Cs2Pb3Br10",
]


@pytest.mark.parametrize("formula", ENANTIOMERS)
def test_enantiomers_are_exact_mirror_images(formula: str) -> None:
    """Sorted distances of each two species by ASE agree, and the hands are opposite."""
    compounds = [parse_compound(formula.format(hand)) for hand in "RS"]
    right, left = (build_layered(compound).require_atoms() for compound in compounds)
    assert chirality(right) == {-sign for sign in chirality(left)} != set()
    right_gaps, left_gaps = (a.get_all_distances(mic=True) for a in (right, left))
    species = sorted(set(right.numbers.tolist()))
    for first, second in product(species, repeat=2):
        ours = right_gaps[np.ix_(right.numbers == first, right.numbers == second)]
        theirs = left_gaps[np.ix_(left.numbers == first, left.numbers == second)]
        np.testing.assert_allclose(np.sort(ours.ravel()), np.sort(theirs.ravel()), atol=1e-6)


@pytest.mark.parametrize("name", ["R-MBA", "S-MBA"])
def test_chiral_molecules_are_rotated_only(name: str) -> None:
    """The best proper rotation (Kabsch) brings the library's molecule onto each in the crystal."""
    crystal = model(f"({name})2MAPb2I7")
    atoms = crystal.require_atoms()
    for kind, molecule in enumerate(crystal.molecules, 1):
        members = atoms.arrays["kind"] == kind
        for one in set(atoms.arrays["molecule"][members].tolist()):
            body = atoms[atoms.arrays["molecule"] == one]
            assert body.numbers.tolist() == molecule.numbers.tolist()
            given = molecule.positions - molecule.positions.mean(axis=0)
            found = body.positions - body.positions.mean(axis=0)
            _, rest = Rotation.align_vectors(found, given)
            assert rest < 1e-2


CHARGED = [
    "BA2CuCl4",
    "MA2CuCl4",
    "EA2CuCl4",
    "Cs2CuCl4",
    "Rb2CuCl4",
    "PEA2CsCu2Br7",
    "BA2FeCl4",
    "PEA2SnI4",
    "Cs2PbI2Cl2",
    "(4AMP)FASn2I7",
]


@pytest.mark.parametrize("formula", CHARGED)
def test_every_model_is_neutral_with_divalent_metals(formula: str) -> None:
    atoms = model(formula).require_atoms()
    charges = atoms.arrays["formal_charge"]
    assert charges.sum() == pytest.approx(0.0, abs=1e-9)
    assert set(charges[atoms.arrays["site"] == 2].tolist()) == {2.0}


@pytest.mark.parametrize("formula", ["(R-MBA)2PbCl4", "BA2PbCl4", "PEA2PbBr4", "BA2PbI4"])
def test_heads_keep_their_distance_from_halides(formula: str) -> None:
    """N–H…X of A2PbX4: 3.0 to 3.4 Å for Cl, up to 3.8 for I (nearest X of each N)."""
    atoms = model(formula).require_atoms()
    i, _, lengths = neighbor_list("ijd", atoms, {("N", x): 4.2 for x in ("Cl", "Br", "I")})
    nearest = [lengths[i == n].min() for n in np.flatnonzero(atoms.numbers == 7)]
    low = {"l": 3.05, "r": 3.09, "I": 3.25}[formula[-2]]
    assert min(nearest) > low
    assert max(nearest) < 3.8


@pytest.mark.parametrize("sheets", [1, 2, 3])
@pytest.mark.parametrize("formula", ["PEA2MAPb2I7", "BA2PbI4"])
def test_slabs_are_few_layer_sheets_with_both_faces_capped(formula: str, sheets: int) -> None:
    """Cut between the spacers: whole sheets, a spacer in every outer pocket, no charge."""
    crystal = model(formula)
    stacking = stack_planes(crystal, (0, 0, 1))
    spacers = {p.index for p in stacking.terminations if p.formula[:2] in {"PE", "BA"}}
    bottom = next(i for i in sorted(spacers) if (i + 1) % len(stacking.terminations) not in spacers)
    slab = cut_slab(crystal, (0, 0, 1), layers=sheets, bottom=bottom)
    atoms = slab.atoms
    site = atoms.arrays["site"]
    squares = 2
    layers = parse_compound(formula).layers
    assert (site == 2).sum() == squares * layers * sheets
    assert len(set(atoms.arrays["molecule"][site == 4].tolist())) == 2 * squares * sheets
    assert slab.charge == pytest.approx(0.0)
    assert slab.tasker == "II"
    nitrogen = atoms.positions[(site == 4) & (atoms.numbers == 7), 2]
    halides = atoms.positions[site == 3, 2]
    assert halides.max() - nitrogen.max() == pytest.approx(0.55, abs=0.3)
    assert nitrogen.min() - halides.min() == pytest.approx(0.55, abs=0.3)
    assert atoms.positions[site == 4, 2].max() > halides.max() + 3.0
    assert atoms.positions[site == 4, 2].min() < halides.min() - 3.0


def test_mixed_thickness_alternates() -> None:
    ions = LayeredIons(spacer="PEA", a="MA", b="Pb", x="I")
    crystal = layered_crystal(ions, (1, 2))
    atoms = crystal.require_atoms()
    heights = np.sort(atoms.positions[atoms.arrays["site"] == 2, 2] % crystal.cell[2, 2])
    assert crystal.formula == "PEA4MAPb3I11"
    steps = np.diff(np.unique(heights.round(3)))
    assert sorted((steps > 8).tolist()) == [False, True]
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0.0)
    seen = view_atoms(atoms, limits=STRICT)
    assert all(finding.level != "error" for finding in check_contacts(seen))
    assert all(finding.level != "error" for finding in check_charge(seen))


STACKS = [
    ("3AMP", "dion_jacobson", (0.0, 0.0)),
    ("3AMP", "dion_jacobson", (0.5, 0.0)),
    ("BA", "ruddlesden_popper", (0.0, 0.0)),
    ("Cs", "ruddlesden_popper", (0.5, 0.0)),
]


@pytest.mark.parametrize(("spacer", "prototype", "offset"), STACKS)
def test_offsets_of_neighbouring_sheets(
    spacer: str, prototype: Prototype, offset: tuple[float, float]
) -> None:
    ions = LayeredIons(spacer=spacer, b="Pb", x="I")
    options = LayeredOptions(offset=offset)
    crystal = layered_crystal(ions, (1,), prototype=prototype, options=options)
    atoms = crystal.require_atoms()
    metals = atoms.positions[atoms.arrays["site"] == 2]
    axes = crystal.pseudocubic @ crystal.cell
    fractions = (metals[:, :2] - metals[0, :2]) @ np.linalg.inv(axes[:2, :2])
    upper = np.abs(metals[:, 2] - metals[0, 2]) > 1
    assert upper.any() == any(offset)
    assert fractions[upper] % 1 == pytest.approx(np.tile(offset, (int(upper.sum()), 1)), abs=1e-9)
    seen = view_atoms(atoms, limits=STRICT)
    assert [f.message for f in check_contacts(seen) if f.level == "error"] == []


def test_a_hybrid_cell_of_four_layers_is_quick() -> None:
    compound = parse_compound("PEA2MA3Pb4I13")
    build_layered(compound)
    times = []
    for _ in range(9):
        start = perf_counter()
        build_layered(compound)
        times.append(perf_counter() - start)
    assert np.median(times) < 0.05
