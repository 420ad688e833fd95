import inspect

import pytest

from heterobuild.architectures import ARCHITECTURES
from heterobuild.errors import UnknownNameError
from heterobuild.recipes.kinds import architecture, full_kind, further_parts, part_records
from heterobuild.recipes.records import CrystalOptions, SlabOptions


def test_the_type_of_a_parameter_says_what_the_part_is():
    assert part_records("vertical") == {"film": SlabOptions, "substrate": SlabOptions}
    assert part_records("embedded") == {"dot": CrystalOptions, "matrix": CrystalOptions}
    assert part_records("particle") == {"crystal": CrystalOptions}


def test_a_starred_parameter_takes_parts_under_names_of_ones_own():
    assert part_records("core_shell") == {"core": CrystalOptions}
    assert further_parts("core_shell") == ("shell", CrystalOptions)
    assert further_parts("embedded") is None


def test_types_that_are_not_text_are_read_too(tower):
    assert inspect.signature(architecture("cell_tower").build).parameters["floor"].annotation
    assert part_records("cell_tower") == {"floor": CrystalOptions}
    assert further_parts("cell_tower") == ("floor", CrystalOptions)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_hyphens_stand_for_underscores(kind):
    assert architecture(kind.replace("_", "-")) is architecture(kind)
    assert full_kind(kind.replace("_", "-")) == kind


def test_an_unknown_architecture_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean vertical"):
        architecture("vertcal")
    with pytest.raises(UnknownNameError, match="did you mean core_shell"):
        architecture("core-shel")
