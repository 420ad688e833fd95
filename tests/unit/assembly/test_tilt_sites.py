import numpy as np
import pytest

from heterobuild.assembly.tilt_sites import pseudocubic_axes_of, sites_of, tilt_sites
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.labels import SITE, Site
from heterobuild.slabs import stack_planes


@pytest.mark.parametrize("face", ["001pc", "110pc", "111pc", [0, 1, 0]])
def test_without_tilts_halides_are_on_a_lattice_of_half_edges(face):
    stacking = stack_planes(load_crystal("CsPbBr3_orthorhombic"), face)
    sites = tilt_sites(stacking)
    axes = pseudocubic_axes_of(stacking)
    metals = stacking.atoms.positions[stacking.atoms.arrays[SITE] == Site.B]
    steps = 2 * (sites.ideal - metals[0]) @ np.linalg.inv(axes)
    assert np.abs(steps - np.rint(steps)).max() < 1e-6
    odd = np.rint(steps).astype(int) % 2
    assert (odd[sites.site == Site.X].sum(axis=1) == 1).all()
    assert (odd[sites.site == Site.A] == 1).all()
    assert len(sites.site) == 4 * len(metals)


def test_the_displacements_are_those_of_the_tilts():
    """In a0a0c+ the halides in the plane move by half the edge times the tangent."""
    crystal = load_crystal("CsSnI3_beta")
    stacking = stack_planes(crystal, "001")
    sites = tilt_sites(stacking)
    moved = np.linalg.norm(sites.positions - sites.ideal, axis=1)
    edge = np.linalg.norm(pseudocubic_axes_of(stacking)[0])
    largest = float(moved[sites.site == Site.X].max())
    assert np.degrees(np.arctan(2 * largest / edge)) == pytest.approx(6.01, abs=0.1)
    assert np.sort(moved[sites.site == Site.X])[0] < 0.2


def test_planes_of_octahedra_are_counted():
    sites = tilt_sites(stack_planes(load_crystal("CsPbBr3_orthorhombic"), "001pc"))
    assert sites.layers == 2
    assert sites.spacing == pytest.approx(sites.cell[2, 2] / 2)


def test_atoms_find_their_sites_in_any_repeat():
    stacking = stack_planes(load_crystal("CsPbBr3_orthorhombic"), "001pc")
    sites = tilt_sites(stacking)
    order = np.random.default_rng(0).permutation(len(sites.site))
    moved = sites.positions[order] + np.array([3, -2, 5]) @ sites.cell
    assert sites_of(moved, sites.site[order], sites).tolist() == order.tolist()
    assert (sites_of(moved + 0.3, sites.site[order], sites) == -1).all()


@pytest.mark.parametrize(
    ("name", "why"), [("Cs4PbBr6", "two octahedra|pseudo-cubic"), ("CsCl", "pseudo-cubic")]
)
def test_other_crystals_are_refused(name, why):
    with pytest.raises(UsageError, match=why):
        tilt_sites(stack_planes(load_crystal(name), "001"))
