import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import UnknownNameError
from heterobuild.screening.measured_crystals import load_measured


def test_a_measured_cell_stays_as_it_was_published():
    found, published = load_measured("PEA2PbBr4"), load_phase("PEA2PbBr4")
    assert found.atoms is None
    assert np.array_equal(found.cell, published.cell)
    assert found.space_group == published.space_group


def test_files_and_mixed_compounds_are_loaded_as_elsewhere(tmp_path, cif_of):
    assert load_measured("CsPb(Br0.5I0.5)3").origin == "mixed"
    path = cif_of("CsPbBr3_cubic", tmp_path / "mine.cif")
    assert load_measured(path).formula == load_measured(str(path)).formula == "CsPbBr3"
    with pytest.raises(UnknownNameError):
        load_measured("CsPbI3_gama")
