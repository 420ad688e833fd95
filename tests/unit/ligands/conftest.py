"""Particles, planes of sites and tasks that several tests of ligands share."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.ligands.anchors import Anchors
from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.contacts import all_sorts, body_keys
from heterobuild.ligands.poses import PoseGrid
from heterobuild.ligands.task import Task

EDGE = 5.874
PLANE = np.stack(np.meshgrid(np.arange(-8, 9), np.arange(-8, 9), [0]), axis=-1).reshape(-1, 3)
BROMIDE = (PLANE + [0.5, 0.5, 0.0]) * 5.8


def points(*rows):
    return np.stack(np.meshgrid(*rows, indexing="ij"), axis=-1).reshape(-1, 3).astype(float)


@pytest.fixture
def grid():
    """Return all points of a product of coordinates."""
    return points


@pytest.fixture
def cuboid():
    """Return a maker of CsPbBr3 with AX faces; a periodic one repeats along z."""

    def make(n, *, periodic=False):
        whole = [np.arange(k + 1) for k in n]
        middle = [np.arange(k) + 0.5 for k in n]
        if periodic:
            whole[2] = np.arange(n[2])
        halides = [
            points(*(whole[k] if k == axis else middle[k] for k in range(3))) for axis in range(3)
        ]
        parts = [points(*whole), points(*middle), np.concatenate(halides)]
        counts = [len(part) for part in parts]
        cell = np.diag(np.array(n) * EDGE + np.array([60.0, 60.0, 0.0 if periodic else 60.0]))
        atoms = Atoms(
            np.repeat(["Cs", "Pb", "Br"], counts).tolist(),
            positions=np.concatenate(parts) * EDGE,
            cell=cell,
            pbc=(False, False, periodic),
        )
        none = np.zeros(len(atoms), dtype=int)
        charge, site = np.repeat([1.0, 2.0, -1.0], counts), np.repeat([1, 2, 3], counts)
        return labels.label(
            atoms, site=site, molecule=none, kind=none, charge=charge, region=1, layer=1
        )

    return make


@pytest.fixture
def plane():
    """Return a maker of a flat face: n² sites A, n² sites X between them; some A vacant."""

    def make(n=10, *, vacant=0):
        corner = points(np.arange(n), np.arange(n), [0]) * 6.0
        m = len(corner)
        atom = np.arange(2 * m)
        atom[:vacant] = -1
        charge = np.repeat([1.0, -1.0], m)
        return Anchors(
            positions=np.concatenate([corner, corner + [3.0, 3.0, 0.0]]),
            normals=np.tile([0.0, 0.0, 1.0], (2 * m, 1)),
            role=np.repeat(["A", "X"], m),
            atom=atom,
            charge=np.where(atom < 0, 0.0, charge),
            exposure=np.full(2 * m, 0.58),
        )

    return make


@pytest.fixture
def task():
    """Return a maker of tasks: one kind of ligand, over a plane of bromide where none is given."""

    def make(origins, name="OLA", *, obstacles=BROMIDE, shifts=None, grid=None, normals=None):
        body = as_ligand(load_ligand(name))
        keys = np.tile([35, 0, 0, 1], (len(obstacles), 1))
        table, (theirs, mine) = all_sorts([keys, body_keys(body)])
        origins = np.asarray(origins, dtype=float)
        upward = np.tile([0.0, 0.0, 1.0], (len(origins), 1))
        return Task(
            bodies=(body,),
            sorts=(mine,),
            kind=np.zeros(len(origins), dtype=np.int64),
            origins=origins,
            normals=upward if normals is None else normals,
            obstacles=np.asarray(obstacles, dtype=float),
            obstacle_sorts=theirs,
            table=table,
            shifts=np.zeros((1, 3)) if shifts is None else shifts,
            grid=grid or PoseGrid(),
            coverage=1.0,
        )

    return make
