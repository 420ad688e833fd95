"""Ligands on cubes: contacts by brute force, charges, ions, rigid shapes, wires."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from heterobuild import labels
from heterobuild.errors import NothingFitsError
from heterobuild.labels import Site
from heterobuild.ligands.anchors import surface_anchors
from heterobuild.ligands.attaching import attach_ligands
from heterobuild.ligands.sites import choose_ligand_sites

# Van der Waals radii after Alvarez (10.1039/C3DT50599E), Shannon radii of Cs and Pb, in Å.
RADII = {1: 1.20, 6: 1.77, 7: 1.66, 8: 1.50, 9: 1.46, 15: 1.90, 16: 1.89, 35: 1.86, 55: 1.67}
RADII[82] = 1.19


def attach(atoms, fractions, coverage, seed=0, **options):
    anchors = surface_anchors(atoms)
    rng = np.random.default_rng(seed)
    choice = choose_ligand_sites(anchors, fractions, coverage=coverage, rng=rng)
    return attach_ligands(atoms, (), anchors, choice, rng=rng, **options), choice, anchors


def worst(atoms):
    """Smallest distance over the sum of radii: plain contacts, and hydrogen bonds."""
    shifts = [0.0, -1.0, 1.0] if atoms.pbc[2] else [0.0]
    z = atoms.positions
    unit, numbers, is_donor = labels.units(atoms), atoms.numbers, donor_mask(atoms)
    ligand = np.flatnonzero(atoms.arrays["site"] == Site.LIGAND)
    radius = np.array([RADII[k] for k in numbers.tolist()])
    plain, bridge = np.inf, np.inf
    for atom in ligand.tolist():
        for shift in shifts:
            gap = np.linalg.norm(z + shift * atoms.cell[2] - z[atom], axis=1)
            other = (unit != unit[atom]) | (shift != 0.0)
            ratio = gap / (radius + radius[atom])
            bond = (is_donor[atom] & np.isin(numbers, (7, 8, 9, 16, 35))) | (
                is_donor & (numbers[atom] in (7, 8, 9, 16, 35))
            )
            plain = min(plain, ratio[other & ~bond].min())
            bridge = min(bridge, ratio[other & bond].min(initial=np.inf))
    return plain, bridge


def donor_mask(atoms):
    """Hydrogens within 1.15 Å of an N or O."""
    hydrogen, hetero = atoms.numbers == 1, np.isin(atoms.numbers, (7, 8))
    mask = np.zeros(len(atoms), dtype=bool)
    for atom in np.flatnonzero(hydrogen).tolist():
        gap = np.linalg.norm(atoms.positions[hetero] - atoms.positions[atom], axis=1)
        mask[atom] = (gap < 1.15).any()
    return mask


@pytest.mark.parametrize(
    ("fractions", "coverage"),
    [
        ({"OLA": 1.0}, 1.0),
        ({"oleate": 1.0}, 1.0),
        ({"TMPA": 1.0}, 1.0),
        ({"BrDMA": 0.5, "IPA": 0.5}, 1.0),
        ({"ODAP": 1.0}, 1.0),
        ({"OLA": 0.5, "oleate": 0.5}, 0.25),
    ],
)
def test_no_contact_is_too_short(fractions, coverage, cuboid):
    (built, kinds, _, step), _, _ = attach(cuboid((2, 2, 2)), fractions, coverage)
    plain, bridge = worst(built)
    assert plain >= 0.8
    assert bridge >= 0.7
    assert plain == pytest.approx(step.values["contact_ratio"], abs=1e-3)
    assert {m.name for m in kinds} == set(step.values["counts"])


def test_images_along_a_wire_count(cuboid):
    (built, _, _, step), _, _ = attach(cuboid((2, 2, 1), periodic=True), {"OLA": 1.0}, 1.0)
    assert (built.arrays["site"] == Site.LIGAND).sum() == 8 * 57
    plain, bridge = worst(built)
    assert 0.8 <= plain < 1.0
    assert bridge >= 0.7
    assert plain == pytest.approx(step.values["contact_ratio"], abs=1e-3)


def test_ions_make_way_one_for_one(cuboid):
    atoms = cuboid((3, 3, 3))
    before = atoms.copy()
    fractions = {"OLA": 0.5, "oleate": 0.5}
    (built, kinds, entries, step), choice, _ = attach(atoms, fractions, 0.3)
    assert (atoms.positions == before.positions).all()
    counts = np.bincount(choice.kind).tolist()
    assert [(e.action, e.species, e.site, e.count, e.charge) for e in entries] == [
        ("exchanged", "Cs → OLA", "A", counts[0], 0.0),
        ("exchanged", "Br → oleate", "X", counts[1], 0.0),
    ]
    total = built.arrays["formal_charge"].sum()
    assert total == pytest.approx(atoms.arrays["formal_charge"].sum())
    assert (built.numbers == 55).sum() == (atoms.numbers == 55).sum() - counts[0]
    assert (built.numbers == 35).sum() == (atoms.numbers == 35).sum() - counts[1]
    assert (built.numbers == 82).sum() == 27
    assert sum(step.values["places"].values()) == sum(counts)
    assert not labels.missing(built)
    assert built.arrays["region"].min() == 1
    assert [m.name for m in kinds] == ["OLA", "oleate"]


def test_ligands_are_rigid_and_stand_on_their_sites(cuboid):
    (built, kinds, _, _), choice, anchors = attach(cuboid((2, 2, 2)), {"PEA": 1.0}, 1.0)
    molecule, ids = kinds[0], built.arrays["molecule"]
    for ligand, site in enumerate(choice.site.tolist()):
        mine = np.flatnonzero(ids == ligand + 1)
        assert pdist(built.positions[mine]) == pytest.approx(pdist(molecule.positions), abs=1e-6)
        volume = [np.linalg.det(p[1:4] - p[0]) for p in (built.positions[mine], molecule.positions)]
        assert volume[0] == pytest.approx(volume[1], abs=1e-6)
        step = built.positions[mine][built.numbers[mine] == 7][0] - anchors.positions[site]
        assert np.linalg.norm(step) < 2.5
        assert np.linalg.norm(np.cross(step, anchors.normals[site])) < 1e-6
        tail = built.positions[mine].mean(axis=0) - anchors.positions[site]
        assert tail @ anchors.normals[site] > 0.7 * np.linalg.norm(tail)


def test_a_vacant_site_is_filled_and_the_charge_counted(cuboid):
    atoms = cuboid((2, 2, 2))
    whole = surface_anchors(atoms)
    gone = int(whole.atom[0])
    rest = labels.take(atoms, np.setdiff1d(np.arange(len(atoms)), [gone]))
    moved = whole.atom - (whole.atom > gone)
    moved[0] = -1
    charge = np.where(moved < 0, 0.0, whole.charge)
    anchors = type(whole)(**(vars(whole) | {"atom": moved, "charge": charge}))
    rng = np.random.default_rng(0)
    choice = choose_ligand_sites(anchors, {"OLA": 1.0}, count=1, fill="vacant", rng=rng)
    built, _, entries, _ = attach_ligands(rest, (), anchors, choice, rng=rng, region=7)
    assert [(e.action, e.species, e.count, e.charge) for e in entries] == [("added", "OLA", 1, 1.0)]
    assert len(built) == len(rest) + 57
    change = built.arrays["formal_charge"].sum() - rest.arrays["formal_charge"].sum()
    assert change == pytest.approx(1.0)
    assert set(built.arrays["region"][len(rest) :].tolist()) == {7}


def test_the_same_seed_gives_the_same_bytes(cuboid):
    atoms = cuboid((2, 2, 2))
    runs = [attach(atoms, {"OLA": 1.0}, 0.5, seed=s)[0][0].positions.tobytes() for s in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_what_does_not_fit_is_told_with_what_does(cuboid):
    with pytest.raises(NothingFitsError) as caught:
        attach(cuboid((2, 2, 1), periodic=True), {"OLA": 0.5, "oleate": 0.5}, 1.0)
    text = str(caught.value)
    assert "of 16 placed" in text
    assert "try a coverage of about 0." in text


def test_no_ligands_leave_the_particle_alone(cuboid):
    atoms = cuboid((1, 1, 1))
    (built, kinds, entries, step), _, _ = attach(atoms, {"OLA": 1.0}, 0.0)
    assert len(built) == len(atoms)
    assert (kinds, entries, step.values["counts"]) == ((), (), {"OLA": 0})
