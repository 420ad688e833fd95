"""Which molecules and ions can be replaced."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.architectures.particle import carve_particle
from heterobuild.errors import UsageError
from heterobuild.ligands.candidates import find_candidates


@pytest.fixture(scope="module")
def covered():
    """Return a cube with PEA, of which the half at small x is another region."""
    built = carve_particle("CsPbBr3_cubic", octahedra=3, ligands={"PEA": 1.0}, coverage=0.6)
    atoms = built.atoms.copy()
    middle = atoms.positions[atoms.numbers == 82].mean(axis=0)[0]
    atoms.arrays["region"] = np.where(atoms.positions[:, 0] < middle + 1.0, 2, 1)
    for molecule in np.unique(atoms.arrays["molecule"])[1:]:
        mine = atoms.arrays["molecule"] == molecule
        atoms.arrays["region"][mine] = atoms.arrays["region"][mine][0]
    return replace(built, atoms=atoms)


def test_heads_and_axes_are_those_of_the_molecules(covered):
    sites = find_candidates(covered, "PEA", None)
    atoms = covered.atoms
    assert len(sites.atoms) == len(np.unique(atoms.arrays["molecule"])) - 1
    assert (atoms.numbers[sites.atoms] == sites.molecule.numbers).all()
    nitrogen = atoms.positions[sites.atoms[:, sites.molecule.numbers == 7][:, 0]]
    assert sites.heads == pytest.approx(nitrogen)
    carbon = atoms.positions[sites.atoms[:, sites.molecule.numbers == 6]].mean(axis=1)
    away = carbon - nitrogen
    cosine = np.einsum("ij,ij->i", away, sites.normals) / np.linalg.norm(away, axis=1)
    assert cosine == pytest.approx(np.ones(len(cosine)))
    assert sites.charge == pytest.approx(1.0)


def test_the_distance_to_another_region_is_that_of_the_nearest_atoms(covered):
    atoms, region = covered.atoms, covered.atoms.arrays["region"]
    every = find_candidates(covered, "PEA", None).atoms
    near = {int(row[0]) for row in find_candidates(covered, "PEA", 5.0).atoms}
    heavy = atoms.numbers != 1
    for row in every:
        others = atoms.positions[heavy & (region != region[row[0]])]
        mine = atoms.positions[row[heavy[row]]]
        gap = np.linalg.norm(mine[:, None] - others[None], axis=2).min()
        assert (int(row[0]) in near) == (gap <= 5.0)
    assert 0 < len(near) < len(every)


def test_ions_point_out_of_their_own_part(covered):
    sites = find_candidates(covered, "Cs", None)
    atoms, region = covered.atoms, covered.atoms.arrays["region"]
    assert sites.molecule is None
    for row, normal in zip(sites.atoms[:, 0], sites.normals, strict=True):
        lead = atoms.positions[(atoms.numbers == 82) & (region == region[row])]
        away = atoms.positions[row] - lead[
            np.argsort(np.linalg.norm(lead - atoms.positions[row], axis=1))[:1]
        ].mean(axis=0)
        assert away @ normal > 0


def test_what_is_not_there_is_told(covered):
    with pytest.raises(UsageError, match="no BrPEA"):
        find_candidates(covered, "BrPEA", None)
    with pytest.raises(UsageError, match="can be replaced there"):
        find_candidates(covered, "PEA", 0.1)
