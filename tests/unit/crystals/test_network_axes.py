import numpy as np
import pytest

from heterobuild.crystals import list_crystals, load_phase
from heterobuild.crystals.network_axes import network_axes

PEROVSKITES = [
    entry.name
    for entry in list_crystals()
    if entry.has_atoms
    and load_phase(entry.name).pseudocubic is not None
    and entry.family in {"abx3", "double_perovskite", "substrate"}
]
OTHERS = ["Cs4PbBr6", "CsPb2Br5", "CsPbI3_delta", "FAPbI3_delta", "CsMnBr3_hexagonal", "NaCl"]


@pytest.mark.parametrize("name", PEROVSKITES)
def test_axes_of_the_library_are_found_from_the_atoms(name):
    crystal = load_phase(name)
    found = network_axes(crystal.require_atoms())
    assert found is not None
    same = np.linalg.solve(crystal.pseudocubic.T, found.T)
    np.testing.assert_allclose(np.abs(same).sum(axis=0), 1, atol=1e-9)
    np.testing.assert_allclose(np.abs(same).max(axis=0), 1, atol=1e-9)
    assert np.linalg.det(found) > 0


@pytest.mark.parametrize("name", OTHERS)
def test_other_networks_have_none(name):
    assert network_axes(load_phase(name).require_atoms()) is None


def test_a_users_file_gets_axes(tmp_path):
    from ase.io import write

    atoms = load_phase("CsPbBr3_orthorhombic").require_atoms()
    write(tmp_path / "mine.vasp", atoms, format="vasp")
    crystal = load_phase(tmp_path / "mine.vasp")
    np.testing.assert_allclose(crystal.pseudocubic[2], [0, 0.5, 0])
