"""Crystals before they are opened, and dots that are put into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.coherent.draft import draft_parts, neutral
from heterobuild.coherent.parts import Parts
from heterobuild.compounds import load_crystal
from heterobuild.geometry.shapes import sphere
from heterobuild.incoherent.guests import Guest, emitted
from heterobuild.incoherent.matrices import any_matrix
from heterobuild.incoherent.opened_parts import host_of
from heterobuild.incoherent.shell_parts import IncoherentShells, carved_part
from heterobuild.model import WallProfile
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

if TYPE_CHECKING:
    from heterobuild.coherent.draft import Draft
    from heterobuild.incoherent.openings import Host
    from heterobuild.model import FloatArray


def _host(draft: Draft, cell: FloatArray, *, periodic: bool) -> Host:
    pbc = (periodic, periodic, periodic)
    return host_of(draft, cell=cell, pbc=pbc, region=2, cations="random", seed=1)[0]


def _endless(name: str, cells: tuple[int, int, int]) -> Host:
    """Return a crystal without end."""
    crystal = load_crystal(name)
    matrix = any_matrix(crystal, cells, slab=False)
    parts = Parts(
        names=("matrix",), crystals=(crystal,), walls=(), shared="outer", profile=WallProfile()
    )
    draft = draft_parts(
        matrix.block,
        matrix.occupied,
        parts,
        rotation=matrix.rotation,
        centre=np.zeros(3),
        seed=1,
    )
    return _host(draft, matrix.cell, periodic=True)


@pytest.fixture(scope="session")
def isolated_host() -> Host:
    """Return Cs4PbBr6 without end, before it is opened."""
    return _endless("Cs4PbBr6", (5, 5, 4))


@pytest.fixture(scope="session")
def charged_shell() -> Host:
    """Return a ball of Cs4PbBr6 whose surface is charged."""
    crystal = load_crystal("Cs4PbBr6")
    form = make_form(ParticleShape(kind="sphere", radius=32.0), crystal)
    draft = carved_part(crystal, form, "shell", IncoherentShells(), centre="auto", seed=1)
    return _host(draft, np.eye(3), periodic=False)


@pytest.fixture(scope="session")
def shell_host(charged_shell: Host) -> Host:
    """Return the same ball with a neutral surface."""
    draft = neutral(charged_shell.draft, "auto", seed=1, where="surface of shell")
    return _host(draft, np.eye(3), periodic=False)


def _guest(name: str, centre: tuple[float, float, float]) -> Guest:
    crystal = load_crystal("CsPbBr3_cubic")
    form = make_form(ParticleShape(kind="sphere", radius=12.0), crystal)
    draft = carved_part(crystal, form, "dot", IncoherentShells(), centre="auto", seed=1)
    draft = neutral(draft, "auto", seed=1, where="surface")
    atoms, molecules, _ = emitted(
        draft,
        turn=np.eye(3),
        cell=np.zeros((3, 3)),
        pbc=(False, False, False),
        region=1,
        cations="random",
        seed=1,
        name=name,
    )
    return Guest(
        name=name, centre=np.array(centre), shape=sphere(9.0), atoms=atoms, molecules=molecules
    )


@pytest.fixture(scope="session")
def guest() -> Guest:
    """Return a ball of CsPbBr3."""
    return _guest("dot 1", (14.0, 20.0, 18.0))


@pytest.fixture(scope="session")
def far_guest() -> Guest:
    """Return another one, half a cell away."""
    return _guest("dot 2", (14.0, 38.0, 52.0))


@pytest.fixture(scope="session")
def cubic_host() -> Host:
    """Return cubic CsPbBr3 without end, whose octahedra share all their halides."""
    return _endless("CsPbBr3_cubic", (9, 9, 9))


@pytest.fixture(scope="session")
def own_guest() -> tuple[Guest, FloatArray]:
    """Return a ball of Cs4PbBr6, and its centre in the crystal that it was cut out of."""
    crystal = load_crystal("Cs4PbBr6")
    form = make_form(ParticleShape(kind="sphere", radius=13.0), crystal)
    draft = carved_part(crystal, form, "dot", IncoherentShells(), centre="auto", seed=1)
    atoms, molecules, _ = emitted(
        draft,
        turn=np.eye(3),
        cell=np.zeros((3, 3)),
        pbc=(False, False, False),
        region=1,
        cations="random",
        seed=1,
        name="dot",
    )
    centre = draft.centre @ draft.rotation
    found = Guest(name="dot 1", centre=centre, shape=form.carving, atoms=atoms, molecules=molecules)
    return found, centre
