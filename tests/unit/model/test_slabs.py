from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab


def test_a_slab_knows_where_it_was_cut():
    crystal = load_crystal("CsPbBr3_cubic")
    slab = cut_slab(crystal, "110", layers=1)
    assert slab.crystal is crystal
    assert slab.miller == (1, 1, 0)
    assert slab.basis is slab.stacking.basis
