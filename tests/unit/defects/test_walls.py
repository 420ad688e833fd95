import numpy as np
import pytest

from heterobuild import Vertical, cut_slab, load_crystal
from heterobuild.architectures.particle import Particle
from heterobuild.defects.units import rigid_table
from heterobuild.defects.walls import wall_distances
from heterobuild.particles.options import ParticleShape


def test_the_wall_of_a_stack_is_between_its_planes(stack, table):
    units, wall = table(stack)
    (gap,) = (step.values["gap_A"] for step in stack.steps if step.name == "gap")
    pb_cl = units.centres[(units.layer == -1) & (units.charge == 2), 2]
    middle = pb_cl.mean() + gap / 2
    assert wall == pytest.approx(np.abs(units.centres[:, 2] - middle))
    assert wall[units.layer == 1] == pytest.approx(gap / 2)


def test_a_superlattice_has_two_walls():
    parts = [cut_slab(load_crystal(f"CsPb{x}3_cubic"), (0, 0, 1), layers=2) for x in ("Br", "Cl")]
    built = Vertical(periodic="superlattice").build(*parts, name="periodic", seed=0)
    units = rigid_table(built)
    wall = wall_distances(built, units)
    gaps = [step.values["gap_A"] for step in built.steps if step.name == "gap"]
    assert len(gaps) == 2
    facing = np.abs(units.layer) == 1
    assert set(wall[facing].round(3)) <= {round(gap / 2, 3) for gap in gaps}
    assert wall.max() < units.cell[2, 2] / 4


def test_the_wall_of_a_dot_is_halfway_between_the_regions(dot, table):
    units, wall = table(dot)
    inner = dot.regions[0].code
    lead = np.flatnonzero((units.region == inner) & (units.charge == 2))
    edge = units.cell[0, 0] / 6
    outer = lead[wall[lead] < edge / 2]
    assert len(outer) == 26  # all of the 27 B cations but the one in the middle
    assert wall[lead].max() == pytest.approx(1.25 * edge, rel=0.05)


def test_without_a_second_region_there_is_no_wall():
    built = Particle(shape=ParticleShape(kind="cube", octahedra=3)).build(
        load_crystal("CsPbBr3_cubic"), name="alone", seed=0
    )
    assert wall_distances(built, rigid_table(built)) is None
