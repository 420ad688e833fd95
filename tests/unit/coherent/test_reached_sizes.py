"""Sizes that particles reached."""

import numpy as np
import pytest

from heterobuild.coherent.carved import carve
from heterobuild.coherent.reached_sizes import size_step
from heterobuild.compounds import load_crystal
from heterobuild.model import WallProfile
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

EDGE = 5.874


def carved(*shapes, name="CsPbBr3_cubic"):
    crystal = load_crystal(name)
    forms = [make_form(shape, crystal) for shape in shapes]
    draft = carve(
        crystal,
        forms,
        ["core", "shell"][: len(shapes)],
        [crystal] * len(shapes),
        shape=shapes[-1],
        offset=np.zeros(3),
        termination="AX",
        shared="outer",
        profile=WallProfile(),
        seed=0,
    )
    return draft, forms


def test_the_size_reached_is_told():
    draft, _ = carved(ParticleShape(kind="cuboid", octahedra=(2, 3, 4)))
    (step,) = [s for s in draft.steps if s.name == "size"]
    assert step.values["octahedra"] == 24
    assert step.values["reached_A"] == pytest.approx([2 * 5.874, 3 * 5.874, 4 * 5.874], abs=1e-3)
    volume = 24 * 5.874**3
    assert step.values["volume_A3"] == pytest.approx(volume, abs=1e-2)
    diameter = 2 * (3 * volume / (4 * np.pi)) ** (1 / 3)
    assert step.values["equivalent_diameter_A"] == pytest.approx(diameter, abs=1e-3)


def test_a_part_counts_all_that_is_inside_it():
    draft, forms = carved(ParticleShape(octahedra=3), ParticleShape(octahedra=5))
    inner, outer = (size_step(draft, code, form).values for code, form in enumerate(forms, 1))
    assert (inner["part"], inner["octahedra"]) == ("core", 27)
    assert (outer["part"], outer["octahedra"]) == ("shell", 125)
    assert inner["reached_A"] == pytest.approx([3 * EDGE] * 3, abs=1e-3)
    assert outer["reached_A"] == pytest.approx([5 * EDGE] * 3, abs=1e-3)


def test_a_wire_is_endless_along_z():
    draft, (form,) = carved(ParticleShape(kind="wire", octahedra=3, axis=(0, 0, 1), periods=2))
    step = size_step(draft, 1, form)
    assert step.values["reached_A"] == [pytest.approx(3 * EDGE, abs=1e-3)] * 2 + [None]
    assert step.values["equivalent_diameter_A"] is None
    assert step.values["octahedra"] == 18
    assert step.choice == "core: 18 octahedra, 17.6 × 17.6 × endless Å"


@pytest.mark.parametrize("radius", [12.0, 20.0])
def test_a_ball_stays_within_its_diameter(radius):
    """Whole octahedra inside a sphere; their volume is below that of the sphere."""
    draft, (form,) = carved(ParticleShape(kind="sphere", radius=radius))
    values = size_step(draft, 1, form).values
    assert max(values["reached_A"]) <= 2 * radius + 0.1 * EDGE
    assert min(values["reached_A"]) > 2 * (radius - EDGE)
    assert values["equivalent_diameter_A"] < 2 * radius
    assert values["volume_A3"] == pytest.approx(values["octahedra"] * EDGE**3, abs=1e-2)


def size_of(crystal, **shape):
    draft, _ = carved(ParticleShape(**shape), name=crystal)
    return next(step for step in draft.steps if step.name == "size")


def test_what_differs_from_what_was_asked_is_said_in_octahedra():
    step = size_of("CsPbBr3_cubic", octahedra=3, centre="A")
    assert step.choice.endswith(
        "23.5 × 23.5 × 23.5 Å, asked 3 × 3 × 3 octahedra, reached 4 × 4 × 4"
    )
    assert step.values["octahedra_along"] == [[4]] * 3
    step = size_of("CsPbBr3_cubic", kind="ellipsoid", octahedra=(3, 4, 5))
    assert step.choice.endswith("asked 3 × 4 × 5 octahedra, reached 3 × 3 × 5")
    assert "asked" not in size_of("CsPbBr3_orthorhombic", kind="cuboid", octahedra=(3, 4, 5)).choice
    rod = size_of("CsPbBr3_cubic", kind="rod", radius=8.0, octahedra=4, centre="B")
    assert rod.choice.endswith(
        "asked 16 × 16 Å, asked any × any × 4 octahedra, reached any × any × 5"
    )
    turned = size_of("CsPbBr3_cubic", octahedra=3, along_x=(1, 1, 0))
    assert turned.choice.endswith("asked 3 × 3 × 3 octahedra along x, y and z")


def test_sheets_that_are_shifted_differ_in_size():
    """25 octahedra of one sheet and 36 of the other are 61."""
    step = size_of("PEA2PbBr4", kind="platelet", octahedra=5, monolayers=2)
    assert step.values["octahedra"] == 5**2 + 6**2
    assert step.values["octahedra_along"] == [[5, 6], [5, 6], [2]]
    assert step.choice.endswith("asked 5 × 5 × 2 octahedra, reached 5–6 × 5–6 × 2")
