"""The architecture of free particles: options, record, refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest

from heterobuild import check
from heterobuild.architectures.particle import Particle, carve_particle
from heterobuild.compounds import load_crystal
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.geometry.shapes import Shape, cylinder, sphere
from heterobuild.labels import CHARGE, SITE, Site, missing
from heterobuild.particles.options import ParticleShape


def test_the_default_is_the_cube_of_the_literature():
    built = Particle().build(load_crystal("CsPbBr3_cubic"))
    assert built.atoms.get_chemical_formula() == "Br108Cs54Pb27"
    assert built.name == "particle"
    assert not missing(built.atoms)
    assert [step.name for step in built.steps] == ["size", "neutrality", "vacuum"]
    assert built.atoms.pbc.tolist() == [False] * 3
    assert json.dumps([dict(step.values) for step in built.steps], allow_nan=False)
    extent = np.ptp(built.atoms.positions, axis=0)
    assert np.diag(built.atoms.cell) == pytest.approx(extent + 15.0)


def test_options_are_taken_from_both_records():
    crystal = load_crystal("CsPbBr3_cubic")
    shape = ParticleShape(kind="sphere", radius=14.0, centre="A")
    whole = Particle(shape=shape, vacuum=8.0).build(crystal, seed=4)
    short = carve_particle("CsPbBr3_cubic", "sphere", radius=14.0, centre="A", vacuum=8.0, seed=4)
    assert np.array_equal(whole.atoms.positions, short.atoms.positions)
    assert whole.ledger == short.ledger
    with pytest.raises(UsageError, match="unknown option 'raduis'"):
        carve_particle("CsPbBr3_cubic", "sphere", raduis=14.0)


def test_a_shape_of_ones_own():
    own = Shape(
        name="dumbbell",
        distance=lambda p: np.minimum(
            *(np.linalg.norm(p - (x, 0, 0), axis=1) - 9 for x in (-9, 9))
        ),
        half=(18.0, 9.0, 9.0),
    )
    built = carve_particle("CsPbBr3_cubic", own)
    assert built.atoms.arrays[CHARGE].sum() == 0
    assert check(built).passed
    with pytest.raises(UsageError, match="endless along z only"):
        carve_particle("CsPbBr3_cubic", cylinder(12.0, axis=(1, 0, 0)))


def test_an_endless_shape_of_ones_own_is_a_wire():
    built = carve_particle("CsPbBr3_cubic", cylinder(12.0))
    assert built.atoms.pbc.tolist() == [False, False, True]
    assert built.atoms.cell[2, 2] == pytest.approx(2 * 5.874)
    assert check(built).passed
    longer = carve_particle("CsPbBr3_cubic", cylinder(12.0), periods=3)
    assert 2 * len(longer.atoms) == 3 * len(built.atoms)


def test_a_shape_that_leaves_nothing_is_refused():
    with pytest.raises(UsageError, match="no octahedron"):
        carve_particle("CsPbBr3_cubic", sphere(2.0))
    with pytest.raises(UsageError, match="no octahedron"):
        carve_particle("CsPbBr3_cubic", "cube", octahedra=1, termination="BX2")


def test_a_charge_can_be_refused():
    with pytest.raises(UsageError, match=r"\+10 e"):
        carve_particle("CsPbBr3_cubic", neutrality="refuse")
    with pytest.raises(UnknownNameError, match="remove-A"):
        carve_particle("CsPbBr3_cubic", neutrality="remove-a")


def test_a_charge_is_never_left_silently():
    """Ligands that cannot bring the charge that is missing are an error."""
    with pytest.raises(UsageError):
        carve_particle("CsPbBr3_cubic", neutrality="ligands")


def test_a_coverage_without_ligands_is_refused():
    with pytest.raises(UsageError, match=r"no ligands that the coverage counts"):
        carve_particle("CsPbBr3_cubic", coverage=0.5)


def test_a_centre_may_be_a_list():
    as_list = carve_particle("CsPbBr3_cubic", "sphere", radius=12.0, centre=[0.1, 0.2, 0.3])
    as_tuple = carve_particle("CsPbBr3_cubic", "sphere", radius=12.0, centre=(0.1, 0.2, 0.3))
    assert np.array_equal(as_list.atoms.positions, as_tuple.atoms.positions)


def test_an_unknown_centre_is_named():
    with pytest.raises(UsageError, match="centre"):
        carve_particle("CsPbBr3_cubic", "sphere", radius=12.0, centre="Q")


@pytest.mark.parametrize("name", ["RMBA2PbI4", "4AMP_MAPb2I7", "MAPbI3_orthorhombic"])
def test_molecules_are_never_cut(name):
    built = carve_particle(name, "sphere", radius=13.0)
    atoms = built.atoms
    for kind, molecule in enumerate(built.molecules, 1):
        chosen = atoms.arrays["kind"] == kind
        _, sizes = np.unique(atoms.arrays["molecule"][chosen], return_counts=True)
        assert (sizes == len(molecule.numbers)).all()
    assert (atoms.arrays[SITE] == Site.B).any()


def test_chiral_spacers_keep_their_hand():
    for name in ("RMBA2PbI4", "S-MBA2PbI4"):
        built = carve_particle(name, "sphere", radius=12.0, along_z=(0, 1, 0), along_x=(0, 0, 1))
        report = check(built)
        assert report.passed
        assert not [f for f in report.findings if f.check == "handedness" and f.level != "info"]
