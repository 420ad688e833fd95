"""Dipoles of particles and ligands, against sums over atoms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.architectures.particle import carve_particle
from heterobuild.ligands.anchors import surface_anchors
from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.moments import formal_dipole, ligand_moments
from heterobuild.validation import check


@pytest.mark.parametrize("ligands", [{"ODAP": 1.0}, {"4AMP": 1.0}, {"OLA": 0.4, "oleate": 0.6}])
def test_the_dipole_is_the_one_that_the_check_reports(ligands):
    built = carve_particle("CsPbBr3_cubic", octahedra=2, ligands=ligands, coverage=0.3)
    (reported,) = [finding for finding in check(built).findings if finding.check == "dipole"]
    moment = np.linalg.norm(formal_dipole(built.atoms))
    assert reported.value == pytest.approx(moment, abs=1e-4)


def test_exchange_for_an_ion_of_the_same_charge_adds_nothing(cuboid):
    anchors = surface_anchors(cuboid((2, 2, 2)))
    moments = ligand_moments(as_ligand(load_ligand("OLA")), anchors, anchors.present)
    assert moments[anchors.role == "A"] == pytest.approx(0.0, abs=1e-9)


def test_a_zwitterion_points_outward_by_charge_times_distance(cuboid):
    anchors = surface_anchors(cuboid((2, 2, 2)))
    body = as_ligand(load_ligand("ODAP"))
    moments = ligand_moments(body, anchors, np.zeros(len(anchors.role), dtype=bool))
    nitrogen = body.body[body.molecule.numbers == 7][0]
    along = np.einsum("ij,ij->i", moments, anchors.normals)
    assert along == pytest.approx(np.full(len(along), nitrogen[2]), abs=1e-9)


def test_a_neutral_ligand_in_a_pocket_takes_the_charge_away(cuboid):
    anchors = surface_anchors(cuboid((2, 2, 2)))
    body = as_ligand(load_ligand("DFPPO"))
    moments = ligand_moments(body, anchors, anchors.present)
    mine = anchors.role == "A"
    assert moments[mine] == pytest.approx(-anchors.positions[mine], abs=1e-9)
