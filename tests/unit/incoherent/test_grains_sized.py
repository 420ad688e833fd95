from dataclasses import replace

import numpy as np
import pytest

from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.incoherent.grains_filling import Filling
from heterobuild.incoherent.grains_sized import CLOSE, Task, clear_of_contacts

PAIR = load_crystal("Cs4PbBr6"), load_crystal("CsPbBr3")


def task(count=6, edge=75.0, kind="grains", seed=1):
    return Task(
        crystals=PAIR,
        morphology=Morphology(kind=kind, length=20.0, spectrum="smooth", count=count, spread=None),
        orientation="random",
        filling=Filling(gap=0.0, cations="random", seed=seed),
        cell=edge * np.eye(3),
        matrix=None,
    )


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_shares_after_contacts_are_gone(share):
    """Octahedra counted, with the volumes of the published cells."""
    build = clear_of_contacts(task(), np.array([share, 1 - share]))
    volumes = [abs(np.linalg.det(c.cell)) / (c.atoms.numbers == 82).sum() for c in PAIR]
    found = np.zeros(2)
    for grain, left in zip(build.grains, build.kept, strict=True):
        k = grain.chosen.place.phase
        found[k] += left.octahedra.sum() * volumes[k]
    assert found[0] / found.sum() == pytest.approx(share, abs=max(CLOSE, 0.01))


def test_places_without_room_for_a_phase():
    with pytest.raises(UsageError, match=r"has room for an octahedron.*found 60 grains.*up to \d+"):
        clear_of_contacts(task(count=60, edge=22.0), np.array([0.5, 0.5]))


def test_grains_too_far_apart_for_an_octahedron():
    far = replace(task(count=2, edge=40.0), filling=Filling(gap=50.0, cations="random", seed=1))
    with pytest.raises(UsageError, match=r"in gap; .*50 Å apart; .*use gap: auto, or a larger"):
        clear_of_contacts(far, np.array([0.5, 0.5]))


def test_shares_of_domains_of_a_few_octahedra():
    """What is cut off hangs on others, which go too: the share is met all the same."""
    small = replace(
        task(count=10, edge=70.0, kind="bicontinuous", seed=0),
        morphology=Morphology(
            kind="bicontinuous", length=10.0, spectrum="smooth", count=10, spread=None
        ),
    )
    build = clear_of_contacts(small, np.array([0.4, 0.6]))
    volumes = [abs(np.linalg.det(c.cell)) / (c.atoms.numbers == 82).sum() for c in PAIR]
    found = np.zeros(2)
    for grain, left in zip(build.grains, build.kept, strict=True):
        found[grain.chosen.place.phase] += left.octahedra.sum() * volumes[grain.chosen.place.phase]
    assert found[0] / found.sum() == pytest.approx(0.4, abs=0.01)
