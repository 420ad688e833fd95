import numpy as np

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.block import Block, halides_of, links_of
from heterobuild.frameworks.framework import framework_of
from heterobuild.incoherent.hanging_octahedra import well_bound


def test_octahedra_that_hang_on_are_dropped():
    """A row of octahedra goes with its end; a slab of two layers stays."""
    framework = framework_of(load_crystal("CsPbBr3:cubic"))
    block = Block(
        framework=framework, origin=(0, 0, 0), cells=(6, 6, 6), periodic=(False, False, False)
    )
    octahedra = np.zeros(block.octahedra, dtype=bool)
    octahedra[1:5, 1:5, 1:3] = True
    slab = octahedra.copy()
    octahedra[2, 2, 3:5] = True
    kept = well_bound(block, octahedra)
    assert (kept == slab).all()
    assert halides_of(block, links_of(block, kept) > 1)[kept].min() >= 3
    lonely = framework_of(load_crystal("Cs4PbBr6"))
    block = Block(
        framework=lonely, origin=(0, 0, 0), cells=(2, 2, 2), periodic=(False, False, False)
    )
    some = np.random.default_rng(1).random(block.octahedra) < 0.2
    assert (well_bound(block, some) == some).all()
