from dataclasses import replace

import numpy as np
import pytest
import spglib

from heterobuild.assembly.common_cell import onto_common_cell
from heterobuild.assembly.contact import bring_together
from heterobuild.assembly.filling import Frame
from heterobuild.assembly.plane_tilts import plane_tilts
from heterobuild.assembly.stack import stack_parts
from heterobuild.assembly.tilt_ramp import follow_tilts, tilt_weights
from heterobuild.compounds import load_crystal
from heterobuild.crystals.symmetry import quiet_spglib
from heterobuild.errors import UsageError
from heterobuild.labels import SITE, Site
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.common_superlattice import single_cell
from heterobuild.slabs import cut_slab
from heterobuild.tilts.angles import tilt_angles

TILTED = "CsPbBr3_orthorhombic"


@pytest.fixture
def joined(bring):
    """Return planes of octahedra of film and substrate, and all atoms, for a rule."""

    def join(rule, planes, *, film="CsPbBr3_cubic", film_above=True, endless=False, layers=4):
        ours, theirs, cell = bring((film, "001pc", None), (TILTED, "001pc", None), layers=layers)
        frame = Frame(cell=cell, repeats=(1, 1), seed=0)
        parts = [theirs, ours] if film_above else [ours, theirs]
        contacts = [bring_together(parts[0], parts[1], frame)]
        if endless:
            contacts.append(bring_together(parts[1], parts[0], frame))
        moved, contacts = follow_tilts(
            parts, contacts, frame, source="substrate", rule=rule, planes=planes
        )
        atoms, _ = stack_parts(moved, contacts, frame.whole)
        found, _ = plane_tilts(atoms, moved, contacts)
        sides = {
            name: [plane for plane in found if plane.part == name] for name in ("film", "substrate")
        }
        return parts, moved, sides, atoms

    return join


def bulk():
    return np.array(tilt_angles(load_crystal(TILTED)).angles)


def test_the_weight_falls_evenly_from_one_to_zero():
    place = np.arange(1, 13) / 2
    weights = tilt_weights(place, "ramped", 4)
    assert weights[0] == 1.0
    assert weights[-4] == pytest.approx(0.0)
    assert np.allclose(np.diff(weights[:9]), -1 / 8)
    assert (tilt_weights(place, "matched", 4)[:8] == 1).all()
    assert not tilt_weights(place, "matched", 4)[9:].any()


def test_a_matched_film_has_the_angles_of_the_substrate(joined):
    _, _, sides, _ = joined("matched", 4)
    for plane in sides["film"][:-1]:
        assert np.abs(plane.amplitudes) == pytest.approx(bulk(), rel=0.01)
        assert plane.signs == "--+"


def test_the_sense_of_the_tilts_runs_on_through_the_wall(joined):
    _, _, sides, _ = joined("matched", 4)
    below, above = sides["substrate"][0].amplitudes, sides["film"][0].amplitudes
    assert (np.sign(below) == np.sign(above)).all()


def test_a_ramp_is_linear_in_the_angles(joined):
    _, _, sides, _ = joined("ramped", 3, layers=5)
    wanted = [5 / 6, 3 / 6, 1 / 6, 0, 0]
    found = np.array([np.abs(plane.amplitudes) for plane in sides["film"]])
    assert found[:4] == pytest.approx(np.outer(wanted[:4], bulk()), abs=0.04 * bulk().max())
    assert found[3:] == pytest.approx(0.0, abs=0.01)


def test_a_film_below_follows_too(joined):
    _, _, sides, _ = joined("ramped", 3, film_above=False)
    nearest = np.abs(sides["film"][-1].amplitudes)
    assert nearest == pytest.approx(5 / 6 * bulk(), rel=0.04)
    assert np.abs(sides["film"][0].amplitudes).max() < 0.05


def test_kept_changes_nothing(joined):
    before, after, sides, _ = joined("kept", 3)
    for one, other in zip(before, after, strict=True):
        assert (one.atoms.positions == other.atoms.positions).all()
    assert all(plane.signs == "000" for plane in sides["film"])


def test_the_source_and_the_metals_stay(joined):
    before, after, _, _ = joined("ramped", 3)
    assert (before[0].atoms.positions == after[0].atoms.positions).all()
    moved = np.abs(before[1].atoms.positions - after[1].atoms.positions).max(axis=1)
    metals = before[1].atoms.arrays[SITE] == Site.B
    assert not moved[metals].any()
    assert moved[~metals].max() > 0.3


def test_bonds_keep_their_lengths_as_far_as_the_lattice_lets_them(joined):
    _, _, _, atoms = joined("ramped", 3, layers=5)
    metals, halides = (np.flatnonzero(atoms.arrays[SITE] == site) for site in (Site.B, Site.X))
    apart = atoms.get_all_distances(mic=True)[np.ix_(halides, metals)]
    bonds = apart[apart < 4]
    assert len(bonds) > 50
    assert bonds.min() > 2.88
    assert bonds.max() < 3.02


def untilted(crystal):
    """Return a crystal with halides midway between metals and A cations in the middle of eight."""
    atoms = crystal.atoms.copy()
    site = atoms.arrays[SITE]
    metals = np.flatnonzero(site == Site.B)
    for index in np.flatnonzero(site != Site.B):
        images = crystal.atoms[metals].repeat((3, 3, 3))
        images.positions -= np.asarray(atoms.cell).sum(axis=0)
        apart = images.positions - crystal.atoms.positions[index]
        count = 2 if site[index] == Site.X else 8
        nearest = np.argsort(np.linalg.norm(apart, axis=1))[:count]
        atoms.positions[index] += apart[nearest].mean(axis=0)
    return replace(crystal, name="untilted", atoms=atoms)


def endless(rule):
    """Return a superlattice of the tilted crystal and its untilted twin."""
    crystal = load_crystal(TILTED)
    slabs = [cut_slab(one, "001pc", layers=2) for one in (untilted(crystal), crystal)]
    match = find_matches(*slabs, MatchLimits(max_strain=0.01, max_area=100))[0]
    common = single_cell(match)
    made, frame = onto_common_cell(
        common, {"film": slabs[0]}, ("substrate", slabs[1]), stretch=np.eye(2)
    )
    parts = [made["substrate"], made["film"]]
    contacts = [bring_together(*pair, frame) for pair in (parts, parts[::-1])]
    parts, contacts = follow_tilts(parts, contacts, frame, source="substrate", rule=rule, planes=2)
    return stack_parts(parts, contacts, frame.whole)[0]


def test_the_same_crystal_without_tilts_becomes_the_crystal_again():
    found = {}
    for rule in ("kept", "matched"):
        atoms = endless(rule)
        cell = (atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers)
        with quiet_spglib():
            dataset = spglib.get_symmetry_dataset(cell, symprec=1e-3)
        found[rule] = dataset.number, len(np.unique(dataset.mapping_to_primitive))
    assert found["matched"] == (62, 20)
    assert found["kept"] != found["matched"]


def test_a_wall_without_a_common_network_is_refused(bring):
    ours, theirs, cell = bring(
        ("CsPbBr3_cubic", "001pc", "CsBr"), (TILTED, "001pc", "CsBr"), layers=2
    )
    frame = Frame(cell=cell, repeats=(1, 1), seed=0)
    contacts = [bring_together(theirs, ours, frame)]
    with pytest.raises(UsageError, match="do not share corners") as caught:
        follow_tilts([theirs, ours], contacts, frame, source="substrate", rule="matched", planes=1)
    assert "AX on BX2" in str(caught.value.next_step)
    with pytest.raises(UsageError, match="no part follows"):
        follow_tilts([theirs, ours], contacts, frame, source="barrier", rule="matched", planes=1)
