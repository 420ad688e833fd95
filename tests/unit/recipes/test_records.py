import dataclasses

import pytest

from heterobuild.recipes.records import ExportSettings, SlabOptions


def test_records_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SlabOptions(crystal="CsI", miller=(0, 0, 1)).layers = 3
    assert ExportSettings(formats=("cif",)).species_order == ()


def test_options_of_a_part_are_those_of_the_slab_cutter():
    import inspect

    from heterobuild.slabs import cut_slab
    from heterobuild.slabs.caps import cap_slab
    from heterobuild.slabs.lamellae import fill_slab

    taken = set(inspect.signature(cut_slab).parameters) - {"seed", "tolerance"}
    taken |= {"cap_top", "cap_bottom", "cap_coverage"}
    assert set(inspect.signature(cap_slab).parameters) == {"slab", "top", "bottom", "coverage"}
    taken |= set(inspect.signature(fill_slab).parameters) - {"slab"}
    assert set(SlabOptions.__dataclass_fields__) == taken
