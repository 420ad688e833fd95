"""Neutral sites: charge, dipole and labels against sums over the atoms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.architectures.particle import Particle
from heterobuild.coherent.carved import carve
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import extremes, links_of
from heterobuild.frameworks.emission import site_atoms, site_positions
from heterobuild.frameworks.sites import EMPTY
from heterobuild.labels import CHARGE, Site
from heterobuild.model import WallProfile
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.site_neutrality import dipole_of, neutralise_sites
from heterobuild.validation.dipole import dipole
from heterobuild.validation.view import view_structure


def carved(name="CsPbBr3_cubic", termination="AX", **options):
    crystal = load_crystal(name)
    shape = ParticleShape(**options)
    return carve(
        crystal,
        [make_form(shape, crystal)],
        ["particle"],
        [crystal],
        shape=shape,
        offset=np.zeros(3),
        termination=termination,
        shared="outer",
        profile=WallProfile(),
        seed=0,
    )


def balanced(draft, policy="auto", seed=0, **options):
    return neutralise_sites(
        draft.sites,
        draft.shares,
        policy,
        rotation=draft.rotation,
        centre=draft.centre,
        seed=seed,
        where="surface",
        **options,
    )


def direct(sites, draft):
    """Sum charge times position of all atoms, about the centre."""
    atoms, _ = site_atoms(
        sites,
        rotation=draft.rotation,
        shift=-draft.centre @ draft.rotation,
        cell=np.zeros((3, 3)),
        pbc=(False,) * 3,
    )
    charge = atoms.arrays[CHARGE]
    return charge.sum(), charge @ atoms.positions


TURNED = {"along_z": (1, 1, 1), "along_x": (1, -1, 0)}


@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "CsPbI3_gamma", "Cs4PbBr6", "CsPb2Br5"])
@pytest.mark.parametrize("centre", ["auto", (0.2, 0.1, -0.4), (50.0, -70.0, 30.0)])
def test_dipole_is_the_sum_over_atoms(name, centre):
    options = TURNED if name in {"CsPbBr3_cubic", "CsPbI3_gamma"} else {}
    draft = carved(name, kind="sphere", radius=11.0, centre=centre, **options)
    charge, moment = direct(draft.sites, draft)
    found = dipole_of(draft.sites, rotation=draft.rotation, centre=draft.centre)
    assert draft.sites.charge == charge
    assert found == pytest.approx(moment, abs=1e-6)


def test_dipole_about_another_point():
    draft = carved(octahedra=2)
    shift = np.array([3.0, -2.0, 5.0])
    first = dipole_of(draft.sites, rotation=draft.rotation, centre=draft.centre)
    second = dipole_of(draft.sites, rotation=draft.rotation, centre=draft.centre + shift)
    assert first - second == pytest.approx(draft.sites.charge * shift @ draft.rotation)
    turn = Rotation.from_euler("xyz", [10, 20, 30], degrees=True).as_matrix()
    turned = dipole_of(draft.sites, rotation=turn, centre=draft.centre + shift)
    assert turned == pytest.approx(-draft.sites.charge * shift @ turn)


@pytest.mark.parametrize(
    ("policy", "termination", "sites"),
    [
        ("auto", "AX", (Site.A,)),
        ("remove-A", "AX", (Site.A,)),
        ("add-X", "BX2", (Site.X,)),
    ],
)
def test_only_surface_sites_of_the_policy_change(policy, termination, sites):
    draft = carved(octahedra=4, termination=termination)
    after, balance = balanced(draft, policy)
    assert after.charge == 0
    changed = after.species != draft.sites.species
    roles = draft.sites.block.framework.site
    assert set(roles[np.nonzero(changed)[3]].tolist()) == set(sites)
    octahedra = draft.sites.species[..., roles == Site.B] != EMPTY
    bonds = links_of(draft.sites.block, octahedra)
    assert (bonds[changed] > 0).all()
    assert (bonds < draft.sites.block.framework.full)[changed].all()
    assert changed.sum() == len(balance.removed) + len(balance.added)
    assert sum(entry.charge for entry in balance.entries) == -draft.sites.charge


def test_labels_follow_the_ions():
    draft = carved(octahedra=4, termination="BX2")
    before = draft.sites.species.copy()
    after, balance = balanced(draft, "add-X")
    added = (before == EMPTY) & (after.species != EMPTY)
    assert added.sum() == len(balance.added) == 11
    assert (after.region[added] == 1).all()
    assert (after.layer[added] == 1).all()
    assert np.array_equal(draft.sites.species, before)
    whole = carved(octahedra=4)
    less, _ = balanced(whole)
    gone = (whole.sites.species != EMPTY) & (less.species == EMPTY)
    assert gone.sum() == 13
    assert not less.region[gone].any()
    assert not less.layer[gone].any()


@pytest.mark.parametrize(("termination", "policy"), [("AX", "auto"), ("BX2", "add-X")])
def test_the_balance_names_the_sites_that_changed(termination, policy):
    draft = carved(octahedra=4, termination=termination)
    after, balance = balanced(draft, policy, why="exchanged for neutral ligands")
    before, now = draft.sites.species.ravel(), after.species.ravel()
    assert np.array_equal(balance.removed, np.flatnonzero((before != EMPTY) & (now == EMPTY)))
    assert np.array_equal(balance.added, np.flatnonzero((before == EMPTY) & (now != EMPTY)))
    assert {entry.why.split(":")[0] for entry in balance.entries} == {
        "exchanged for neutral ligands"
    }


def test_new_halides_belong_to_the_part_and_layer_beside_them():
    draft = carved("CsPbBr3_cubic", octahedra=3, termination="BX2")
    after, balance = balanced(draft, "add-X")
    block = draft.sites.block
    octahedra = draft.sites.species[..., block.framework.b_units] != EMPTY
    _, outer = extremes(block, draft.sites.region[..., block.framework.b_units], octahedra)
    low, _ = extremes(block, draft.sites.layer[..., block.framework.b_units], octahedra)
    assert len(balance.added) == 8
    assert np.array_equal(after.region.ravel()[balance.added], outer.ravel()[balance.added])
    assert np.array_equal(after.layer.ravel()[balance.added], low.ravel()[balance.added])


def test_the_dipole_told_is_that_of_the_atoms():
    draft = carved("CsPbBr3_orthorhombic", kind="sphere", radius=13.0, centre=(0.1, 0.2, 0.3))
    after, balance = balanced(draft)
    charge, moment = direct(after, draft)
    assert charge == 0
    assert balance.dipole == pytest.approx(moment, abs=1e-6)


def test_corners_go_first_and_the_symmetry_is_kept():
    draft = carved(octahedra=3)
    after, balance = balanced(draft)
    gone = np.flatnonzero((after.species != draft.sites.species).ravel())
    points = site_positions(
        draft.sites, gone, rotation=draft.rotation, shift=-draft.centre @ draft.rotation
    )
    corners = np.isclose(np.abs(points), 1.5 * 5.874).all(axis=1)
    assert len(gone) == 10
    assert corners.sum() == 8
    assert balance.dipole == pytest.approx(np.zeros(3), abs=1e-6)


def test_refusal_and_policies_that_cannot():
    draft = carved(octahedra=2)
    with pytest.raises(UsageError, match=r"\+7 e"):
        balanced(draft, "refuse")
    with pytest.raises(UsageError, match="add-A"):
        balanced(draft, "add-A")
    after, balance = balanced(draft, "ligands")
    assert after.charge == 7
    assert balance.ligand_charges == -7


def test_molecules_leave_whole():
    draft = carved("MAPbI3_cubic", octahedra=3)
    after, balance = balanced(draft)
    assert [(e.species, e.count) for e in balance.entries] == [("MA", 10)]
    charge, _ = direct(after, draft)
    assert charge == 0


@pytest.mark.parametrize(
    ("name", "monolayers"), [("BA2PbI4", 1), ("BA2MAPb2I7", 2), ("RMBA2PbI4", 1), ("3AMP_PbI4", 1)]
)
def test_the_dipole_of_platelets_with_spacers_is_that_of_the_checks(name, monolayers):
    """The choice has the charges of spacers where the check of the finished atoms has them."""
    shape = ParticleShape(kind="platelet", octahedra=3, monolayers=monolayers)
    built = Particle(shape=shape).build(load_crystal(name))
    step = next(step for step in built.steps if step.name == "neutrality")
    (finding,) = dipole(view_structure(built))
    assert np.linalg.norm(step.values["dipole_after_eA"]) == pytest.approx(finding.value, abs=0.01)
    assert finding.value < 2.5
