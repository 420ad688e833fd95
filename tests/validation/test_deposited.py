"""Particles on films: hands, rotations, contacts and charges counted by others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from ase.neighborlist import neighbor_list
from scipy.spatial.transform import Rotation

from heterobuild.architectures.deposited import Deposited
from heterobuild.architectures.particle import carve_particle
from heterobuild.compounds import load_crystal
from heterobuild.particles.options import ParticleShape
from heterobuild.slabs import cut_slab
from heterobuild.validation import check

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.model import Heterostructure

pytestmark = pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")

CUBES = ParticleShape(octahedra=3)
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "CsPbBr3 on RMBA2PbI4": ("CsPbBr3_cubic", "RMBA2PbI4", {"shape": CUBES, "count": (2, 2)}),
    "FAPbI3 on 5AVA2FAPb2I7": (
        "FAPbI3_alpha",
        "5AVA2FAPb2I7",
        {"shape": ParticleShape(kind="sphere", octahedra=4), "arrangement": "hexagonal"},
    ),
    "OA2FAPb2Br7 on FAPbBr3": (
        "FAPbBr3_cubic",
        "OA2FAPb2Br7",
        {"shape": CUBES, "below": "particles"},
    ),
    "CsPbBr3 at 23° and 30 Å above PEA2PbBr4": (
        "CsPbBr3_cubic",
        "PEA2PbBr4",
        {"shape": CUBES, "arrangement": "one", "turn": 23.0, "gap": 30.0},
    ),
    "flake of PEA2PbBr4 on MAPbCl3": (
        "PEA2PbBr4",
        "MAPbCl3",
        {"shape": ParticleShape(kind="platelet", lengths=(25.0, 25.0, 8.0)), "turn": 17.0},
    ),
    "tumbled CsPbBr3 on MAPbCl3": (
        "CsPbBr3_cubic",
        "MAPbCl3",
        {"shape": CUBES, "arrangement": "random", "count": (2, 2), "orientation": "tumbled"},
    ),
}


def build(particle: str, film: str, options: dict[str, Any]) -> Heterostructure:
    slab = cut_slab(load_crystal(film), "001pc", layers=1)
    return Deposited(**options).build(load_crystal(particle), slab, seed=2)


@pytest.fixture(scope="module", params=CASES)
def built(request: pytest.FixtureRequest) -> Heterostructure:
    return build(*CASES[request.param])


def values(built: Heterostructure, name: str) -> Any:
    return next(step.values for step in built.steps if step.name == name)


def region_of(built: Heterostructure, name: str) -> Atoms:
    code = next(region.code for region in built.regions if region.name == name)
    found: Atoms = built.atoms[built.atoms.arrays["region"] == code]
    return found


def test_all_checks_pass(built: Heterostructure) -> None:
    findings = [f.message for f in check(built).findings if f.level == "error"]
    assert not findings


def test_each_part_is_neutral_and_no_molecule_is_cut(built: Heterostructure) -> None:
    for region in built.regions:
        assert abs(region_of(built, region.name).arrays["formal_charge"].sum()) < 1e-9
    kind, molecule = built.atoms.arrays["kind"], built.atoms.arrays["molecule"]
    for number, entry in enumerate(built.molecules, 1):
        sizes = Counter(molecule[kind == number].tolist())
        assert set(sizes.values()) <= {len(entry.numbers)}


def test_contacts_as_ase_counts_them(built: Heterostructure) -> None:
    plain = built.atoms.copy()
    i, j, away = neighbor_list("ijd", plain, 6.0)
    region = built.atoms.arrays["region"]
    charge, molecule = (built.atoms.arrays[n] for n in ("formal_charge", "molecule"))
    across = region[i] != region[j]
    ions = (molecule[i] == 0) & (molecule[j] == 0)
    told = values(built, "contact")["nearest_A"]
    for name, chosen in (
        ("opposite", ions & (charge[i] * charge[j] <= 0)),
        ("like", ions & (charge[i] * charge[j] > 0)),
        ("molecules", ~ions),
    ):
        found = away[across & chosen]
        assert (name in told) == bool(len(found))
        if len(found):
            assert told[name] == pytest.approx(found.min(), abs=1e-5)
    assert told or values(built, "contact")["gap_asked"] == 30.0


@pytest.mark.parametrize("case", CASES)
def test_rotations_are_those_of_the_atoms(case: str) -> None:
    name, _, options = CASES[case]
    built, particle = build(*CASES[case]), load_crystal(name)
    alone = carve_particle(particle, options["shape"], seed=2)
    dots = region_of(built, "particle")
    count = values(built, "array")["particles"]
    assert len(dots) == count * len(alone.atoms)
    start = alone.atoms.positions - alone.atoms.positions.mean(axis=0)
    frame = np.linalg.solve(particle.cell, alone.regions[0].cell)
    for rotation, end in zip(
        values(built, "orientation")["rotations"], np.split(dots.positions, count), strict=True
    ):
        turn, misfit = Rotation.align_vectors(end - end.mean(axis=0), start)
        assert misfit < 1e-3
        assert frame @ turn.as_matrix().T == pytest.approx(np.array(rotation), abs=1e-4)
        assert np.linalg.det(rotation) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("below", ["film", "particles"])
def test_turns_are_counter_clockwise_seen_from_above(below: str) -> None:
    film = cut_slab(load_crystal("PEA2PbBr4"), "001pc", layers=1)
    built = Deposited(shape=CUBES, turn=23.0, below=below).build(
        load_crystal("CsPbBr3_cubic"), film
    )
    cube, sheet = region_of(built, "particle"), region_of(built, "film")

    def directions(atoms: Atoms, length: float) -> np.ndarray:
        lead = atoms[atoms.numbers == 82]
        lead.pbc = (True, True, False)
        steps = neighbor_list("D", lead, length)
        flat = steps[np.abs(steps[:, 2]) < 1.0]
        return np.unique(np.degrees(np.arctan2(flat[:, 1], flat[:, 0])).round(1) % 90)

    turns = directions(cube, 6.0)
    axes = directions(sheet, 6.5)
    angle = (turns.mean() - axes.mean()) % 90
    assert min(angle, 90 - angle) > 1
    assert angle == pytest.approx(23.0, abs=1.5)
    assert values(built, "orientation")["turns_deg"] == [23.0]


@pytest.mark.parametrize(("film", "hand"), [("RMBA2PbI4", "R"), ("SMBA2PbI4", "S")])
@pytest.mark.parametrize("below", ["film", "particles"])
def test_spacers_keep_their_hand(film: str, hand: str, below: str) -> None:
    chem = pytest.importorskip("rdkit.Chem")
    from rdkit.Chem import rdDetermineBonds

    built = build("CsPbBr3_cubic", film, {"shape": ParticleShape(octahedra=2), "below": below})
    sheet = region_of(built, "film")
    ids = np.unique(sheet.arrays["molecule"])
    for number in ids[ids > 0]:
        body = sheet[sheet.arrays["molecule"] == number]
        lines = [f"{s} {x} {y} {z}" for s, (x, y, z) in zip(body.symbols, body.positions)]  # noqa: B905
        raw = chem.MolFromXYZBlock("\n".join([str(len(body)), "", *lines]) + "\n")
        rdDetermineBonds.DetermineBonds(raw, charge=1)
        chem.AssignStereochemistryFrom3D(raw)
        centres = chem.FindMolChiralCenters(raw, useLegacyImplementation=False)
        assert [label for _, label in centres] == [hand]


@pytest.mark.parametrize("particle", ["CsPbBr3_cubic", "CsPbI3_alpha"])
@pytest.mark.parametrize("film", ["RMBA2PbI4", "SMBA2PbI4"])
def test_chiral_sheets_keep_their_space_group(particle: str, film: str) -> None:
    import spglib

    built = build(particle, film, {"shape": CUBES})
    sheet, crystal = region_of(built, "film"), load_crystal(film)
    slab = cut_slab(crystal, "001pc", layers=1)
    cells = len(sheet) // len(slab.atoms)
    assert cells * len(slab.atoms) == len(sheet)
    groups = []
    for atoms, cell in ((sheet, np.asarray(sheet.cell)), (slab.atoms, np.asarray(slab.atoms.cell))):
        box = cell.copy()
        box[2] = [0, 0, 60.0]
        found = spglib.get_symmetry_dataset(
            (box, atoms.positions @ np.linalg.inv(box), atoms.numbers), symprec=0.02
        )
        groups.append((found.number, len(found.std_types)))
        assert all(np.linalg.det(rotation) > 0 for rotation in found.rotations)
    assert groups[0] == groups[1]
