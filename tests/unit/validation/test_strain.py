"""Strain measured from the atoms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.architectures.core_shell import CoreShell
from heterobuild.compounds import load_crystal
from heterobuild.labels import Site
from heterobuild.model import Region
from heterobuild.particles.options import ParticleShape
from heterobuild.validation.strain import check_strain
from heterobuild.validation.view import view_structure


def declared(built, strain, code=2):
    regions = tuple(
        replace(region, strain=strain) if region.code == code else region
        for region in built.regions
    )
    return replace(built, regions=regions)


def test_declared_strain_is_measured(make_interface):
    findings = check_strain(view_structure(make_interface()))
    assert [f.level for f in findings] == ["info", "info"]
    assert max(f.value for f in findings) < 1e-9
    assert "xx -4.58 % yy -4.58 % zz +3.00 %" in findings[1].message


@pytest.mark.parametrize(("row", "column"), [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2)])
def test_wrong_declaration_fires(make_interface, row, column):
    built = make_interface()
    strain = built.regions[1].strain.copy()
    strain[row, column] = strain[column, row] = strain[row, column] + 0.003
    finding = check_strain(view_structure(declared(built, strain)))[1]
    assert finding.level == "error"
    assert finding.value == pytest.approx(0.003, abs=1e-6)


def test_strain_that_was_not_declared_fires(make_interface):
    finding = check_strain(view_structure(declared(make_interface(), np.zeros((3, 3)))))[1]
    assert finding.level == "error"
    assert finding.value == pytest.approx(1 - 5.605 / 5.874, abs=1e-6)


def test_thin_region_is_compared_in_plane_only(make_interface):
    finding = check_strain(view_structure(make_interface(layers=1)))[0]
    assert finding.level == "info"
    assert "in-plane" in finding.message


def test_one_atom_and_its_image_tell_the_strain_in_the_plane(make_interface):
    built = make_interface(layers=1, side=1)
    assert [f.level for f in check_strain(view_structure(built))] == ["info", "info"]
    finding = check_strain(view_structure(declared(built, np.zeros((3, 3)))))[1]
    assert finding.level == "error"
    assert finding.value == pytest.approx(1 - 5.605 / 5.874, abs=1e-6)


def test_finite_region_without_pairs_is_skipped(make_interface):
    built = make_interface(layers=1, side=1)
    built.atoms.set_pbc((False, False, False))
    finding = check_strain(view_structure(built))[0]
    assert finding.level == "info"
    assert "too few" in finding.message


def test_wrapped_and_moved_atoms_give_the_same(make_interface, change):
    built = make_interface()
    atoms = built.atoms.copy()
    atoms.positions += [3.3, 4.4, 11.0]
    atoms.wrap()
    findings = check_strain(view_structure(change(built, positions=atoms.positions)))
    assert max(f.value for f in findings) < 1e-9


def test_oblique_lattice_with_shear(make_interface):
    """A sheared hexagonal lattice of known deformation, built without any of our builders."""
    from ase import Atoms

    from heterobuild.labels import Site

    cell = np.array([[4.0, 0, 0], [2.0, 2 * np.sqrt(3), 0], [0, 0, 5.0]])
    strain = np.array([[0.02, 0.013, 0], [0.013, -0.03, 0], [0, 0, 0.01]])
    grid = np.array([[i, j, k] for i in range(4) for j in range(4) for k in range(4)])
    points = grid @ cell @ (np.eye(3) + strain)
    atoms = Atoms("Na64", points, cell=np.diag([4, 4, 4]) @ cell @ (np.eye(3) + strain), pbc=True)
    base = make_interface()
    for name in ("molecule", "kind"):
        atoms.arrays[name] = np.zeros(64, dtype=int)
    atoms.arrays["region"] = atoms.arrays["layer"] = np.ones(64, dtype=int)
    atoms.arrays["site"] = np.full(64, int(Site.A))
    atoms.arrays["formal_charge"] = np.ones(64)
    region = Region(code=1, name="net", crystal="net", formula="Na", cell=cell, strain=strain)
    finding = check_strain(view_structure(replace(base, atoms=atoms, regions=(region,))))[0]
    assert finding.value < 1e-9
    assert "all components" in finding.message


def test_particle_without_its_images_is_measured(make_particle):
    findings = check_strain(view_structure(make_particle(core=3)))
    assert [f.level for f in findings] == ["info", "info"]
    assert "all components" in findings[0].message
    wrong = declared(make_particle(core=3), 0.01 * np.eye(3), code=1)
    assert check_strain(view_structure(wrong))[0].level == "error"


def test_few_pairs_of_a_particle_are_no_evidence(make_particle, lacking):
    """Eight Cs around one Pb make four pairs along each edge, seven make three."""
    built = declared(make_particle(octahedra=1), 0.05 * np.eye(3), code=1)
    assert check_strain(view_structure(built))[0].level == "error"
    caesium = int(np.flatnonzero(built.atoms.numbers == 55)[0])
    finding = check_strain(view_structure(lacking(built, caesium)))[0]
    assert finding.level == "info"
    assert "too few" in finding.message


def test_strain_that_varies_is_compared_within_its_spread(make_particle):
    """Strain k (x/h)^4 between -h and h, of mean k/5, seen by six pairs of B along each row."""
    built = make_particle(octahedra=7)
    points = built.atoms.positions
    x, h, k = points[:, 0] - points[:, 0].mean(), 3 * 5.874, 0.1
    points[:, 0] += k * x**5 / (5 * h**4)
    mean = np.diag([k / 5, 0.0, 0.0])
    assert check_strain(view_structure(declared(built, mean, code=1)))[0].level == "error"
    built.atoms.arrays["local_strain"] = k * (x / h) ** 4
    finding, local = check_strain(view_structure(declared(built, mean, code=1)))
    assert finding.level == "info"
    pairs = k * np.diff(np.arange(-3.0, 4.0) ** 5) / (5 * 3.0**4)
    assert pairs.mean() == pytest.approx(k / 5)
    assert finding.value == pytest.approx(k / 5 - np.median(pairs))
    assert finding.limit == pytest.approx(0.002 + pairs.std())
    far = view_structure(declared(built, np.diag([0.1, 0.0, 0.0]), code=1))
    assert check_strain(far)[0].level == "error"
    assert local.value == pytest.approx(float(built.atoms.arrays["local_strain"].mean()))


def test_local_strain_is_reported_by_region(make_particle):
    built = make_particle(core=3)
    code = built.atoms.arrays["region"]
    local = np.where(code == 1, -0.02, 0.01)
    local[np.flatnonzero(code == 2)[:2]] = [0.03, np.nan]
    built.atoms.arrays["local_strain"] = local
    core, shell = check_strain(view_structure(built))[2:]
    assert "core: volumetric strain at the atoms -2.00 to -2.00 %, mean -2.00 %" in core.message
    assert "+1.00 to +3.00 %" in shell.message
    assert shell.level == "info"


def test_relaxed_parts_are_measured_from_b(make_particle):
    """The outermost A of a relaxed particle sit elsewhere; its octahedra have no strain."""
    built = make_particle(octahedra=2)
    caesium = built.atoms.numbers == 55
    middle = built.atoms.positions.mean(axis=0)
    built.atoms.positions[caesium] += 0.05 * (built.atoms.positions[caesium] - middle)
    built.atoms.arrays["local_strain"] = np.zeros(len(built.atoms))
    finding = check_strain(view_structure(built))[0]
    assert "Pb:" in finding.message
    assert finding.value == pytest.approx(0, abs=1e-9)
    one = make_particle(octahedra=1)
    one.atoms.arrays["local_strain"] = np.zeros(len(one.atoms))
    assert "too few equivalent sites" in check_strain(view_structure(one))[0].message


@pytest.mark.parametrize("ligands", [{}, {"OLA": 1.0}])
@pytest.mark.parametrize("kind", ["cube", "sphere", "truncated-octahedron"])
def test_small_relaxed_core_shells_pass(kind, ligands):
    """Their elastic estimate leaves surface Cs on another lattice than the octahedra."""
    octahedra = 2 if ligands else 1
    built = CoreShell(
        shape=ParticleShape(kind=kind, octahedra=octahedra),
        layers=(1,),
        ligands=ligands,
        coverage=0.1 if ligands else 1.0,
    ).build(load_crystal("CsPbI3_alpha"), load_crystal("CsPbCl3_cubic"))
    findings = check_strain(view_structure(built))
    assert {f.level for f in findings} == {"info"}
    local = built.atoms.arrays["local_strain"]
    of_ligand = built.atoms.arrays["site"] == Site.LIGAND
    assert np.isnan(local[of_ligand]).all()
    assert np.isfinite(local[~of_ligand]).all()
    assert of_ligand.any() == bool(ligands)
