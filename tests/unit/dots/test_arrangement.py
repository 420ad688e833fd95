"""Places of dots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.dots.arrangement import Lattice, arrange_dots, fits
from heterobuild.dots.sizes import Placement
from heterobuild.errors import HeterobuildError, NothingFitsError, UsageError
from heterobuild.particles.options import ParticleShape

CUBIC = load_crystal("CsPbBr3_cubic")
EDGE = 5.874
BALL = ParticleShape(kind="sphere", radius=12.0)
PERIODIC = (True, True, True)


def arranged(shape=BALL, *, box=16, pbc=PERIODIC, lattice=None, seed=2, **placement):
    return arrange_dots(
        shape,
        CUBIC,
        Placement(**placement),
        cell=box * EDGE * np.eye(3),
        pbc=pbc,
        seed=seed,
        lattice=lattice,
    )


def image_distances(centres: np.ndarray, box: float) -> np.ndarray:
    """Return the shortest distance of each pair, all images counted, by brute force."""
    shifts = np.array(list(np.ndindex(3, 3, 3))) * box - box
    away = centres[:, None, None] - centres[None, :, None] + shifts
    distance = np.linalg.norm(away, axis=3).min(axis=2)
    return distance[np.triu_indices(len(centres), 1)]


def test_a_single_dot_lies_in_the_middle():
    np.testing.assert_allclose(arranged(count=1).centres, [[8 * EDGE] * 3])


def test_a_single_dot_lies_in_the_middle_of_a_flat_cell_too():
    cell = np.diag([90.0, 90.0, 30.0])
    found = arrange_dots(BALL, CUBIC, Placement(), cell=cell, pbc=PERIODIC, seed=1)
    np.testing.assert_allclose(found.centres, [[45.0, 45.0, 15.0]])


def test_random_dots_keep_their_separation():
    found = arranged(count=6, separation=7.0)
    assert image_distances(found.centres, 16 * EDGE).min() >= 24.0 + 7.0 - 1e-6
    again = arranged(count=6, separation=7.0)
    np.testing.assert_array_equal(found.centres, again.centres)
    assert not np.array_equal(found.centres, arranged(count=6, separation=7.0, seed=3).centres)


def test_a_lattice_of_dots():
    found = arranged(count=4, arrangement="fcc", separation=3.0)
    nearest = 16 * EDGE / 2**0.5
    np.testing.assert_allclose(image_distances(found.centres, 16 * EDGE), nearest)


@pytest.mark.parametrize("distribution", ["monodisperse", "normal"])
@pytest.mark.parametrize("shape", [BALL, ParticleShape(octahedra=3)])
def test_coherent_dots_lie_on_the_lattice(shape, distribution):
    half = {"A": 0.5, "B": 0.0}
    lattice = Lattice(
        steps=EDGE * np.eye(3),
        origin_of=lambda parity: EDGE * np.array([half[letter] for letter in parity]),
    )
    found = arranged(shape, count=4, box=20, lattice=lattice, distribution=distribution, spread=0.2)
    for centre, form in zip(found.centres, found.forms, strict=True):
        steps = (centre - lattice.origin_of(form.parity)) / EDGE
        np.testing.assert_allclose(steps, np.rint(steps), atol=1e-6)
    assert fits(found, Placement(), 20 * EDGE * np.eye(3), PERIODIC)


def test_a_slab_holds_its_dots():
    found = arranged(count=3, box=10, pbc=(True, True, False), separation=2.0)
    height = found.centres[:, 2]
    assert height.min() >= 12.0 - 1e-6
    assert height.max() <= 10 * EDGE - 12.0 + 1e-6


def test_dots_of_a_table(tmp_path):
    table = tmp_path / "dots.csv"
    table.write_text(
        "x,y,z,radius,shape,q0,q1,q2,q3\n20,20,20,12,sphere,1,0,0,0\n60,60,60,9,cube,0,0,0,1\n"
    )
    found = arranged(table=str(table))
    assert [form.kind for form in found.forms] == ["sphere", "cube"]
    np.testing.assert_allclose(found.rotations[1], np.diag([-1.0, -1.0, 1.0]), atol=1e-9)
    # 18 Å are three octahedra of 5.874 Å
    assert found.forms[1].shape.half[0] == pytest.approx(1.5 * EDGE)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"box": 4}, UsageError, "larger than its matrix"),
        ({"box": 9, "count": 9}, NothingFitsError, "placed"),
        ({"box": 6, "count": 2, "arrangement": "bcc", "separation": 8.0}, UsageError, "too near"),
    ],
)
def test_what_does_not_fit_is_refused_with_numbers(options, error, words):
    with pytest.raises(HeterobuildError) as caught:
        arranged(**options)
    assert isinstance(caught.value, error)
    assert words in str(caught.value)
    assert any(character.isdigit() for character in str(caught.value.measured))


def mixed_parity(**options):
    """Dots of 4 and 5 octahedra across, whose centres are half a body diagonal off."""
    half = {"A": 0.5, "B": 0.0}
    lattice = Lattice(
        steps=EDGE * np.eye(3),
        origin_of=lambda parity: EDGE * np.array([half[letter] for letter in parity]),
    )
    shape = ParticleShape(octahedra=4)
    return arranged(shape, lattice=lattice, distribution="normal", spread=0.2, **options)


def test_the_message_has_the_separation_that_was_asked_for():
    with pytest.raises(NothingFitsError, match=r"^12 dots cannot be placed 9\.5 Å apart"):
        mixed_parity(count=12, box=12, separation=9.5)


def test_odd_and_even_sizes_lie_as_near_as_equal_ones():
    """Half steps are no reason to keep dots of the same parity apart by more than was asked."""
    cell, wider = 20 * EDGE * np.eye(3), Placement(separation=6.0 + EDGE * 3**0.5 / 2 - 0.5)
    nearer = 0
    for seed in range(6):
        found = mixed_parity(count=12, box=20, separation=6.0, seed=seed)
        assert fits(found, Placement(separation=6.0), cell, PERIODIC)
        parities = [form.parity for form in found.forms]
        assert len(set(parities)) == 2
        for parity in set(parities):
            chosen = [k for k, other in enumerate(parities) if other == parity]
            alike = replace(
                found,
                centres=found.centres[chosen],
                forms=tuple(found.forms[k] for k in chosen),
                rotations=found.rotations[chosen],
            )
            nearer += not fits(alike, wider, cell, PERIODIC)
    assert nearer
