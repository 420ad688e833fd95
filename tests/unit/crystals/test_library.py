import numpy as np
import pytest

from heterobuild.crystals.library import crystal_data_file, is_path, list_crystals, load_phase
from heterobuild.data_files import open_data
from heterobuild.errors import MissingAtomsError, UnknownNameError
from heterobuild.labels import NAMES


def test_families_have_short_names():
    assert list_crystals("rp") == list_crystals("ruddlesden_popper")
    assert next(entry.name for entry in list_crystals("0D")) == "Cs4PbBr6"


def test_cubic_perovskite_has_the_atoms_of_the_textbook():
    crystal = load_phase("CsPbBr3_cubic")
    assert crystal.atoms.get_chemical_symbols() == ["Cs", "Pb", "Br", "Br", "Br"]
    np.testing.assert_allclose(crystal.cell, 5.874 * np.eye(3), atol=1e-12)
    np.testing.assert_allclose(crystal.atoms.positions[0], [2.937] * 3, atol=1e-12)
    assert crystal.atoms.arrays["site"].tolist() == [1, 2, 3, 3, 3]
    assert crystal.atoms.arrays["formal_charge"].tolist() == [1, 2, -1, -1, -1]
    assert set(NAMES) <= set(crystal.atoms.arrays)
    assert crystal.atoms.pbc.all()
    assert crystal.notices == ()


def test_molecular_cation_stands_at_its_site():
    crystal = load_phase("MAPbCl3")
    assert (crystal.formula, crystal.placed, len(crystal.atoms)) == ("MAPbCl3", ("MA",), 12)
    part = crystal.atoms[crystal.atoms.arrays["molecule"] == 1]
    heavy = part.positions[part.numbers != 1]
    np.testing.assert_allclose(heavy.mean(axis=0), [2.84] * 3, atol=1e-9)
    carbon, nitrogen = part.positions[part.numbers == 6][0], part.positions[part.numbers == 7][0]
    direction = (nitrogen - carbon) / np.linalg.norm(nitrogen - carbon)
    np.testing.assert_allclose(direction, [1, 0, 0], atol=1e-9)


def test_callers_cannot_spoil_the_library():
    spoilt = load_phase("MAPbI3")
    spoilt.atoms.positions += 1.0
    spoilt.atoms.arrays["site"][:] = 0
    spoilt.cell[:] = 0
    spoilt.pseudocubic[:] = 0
    fresh = load_phase("MAPbI3")
    assert fresh.cell[0, 0] == pytest.approx(8.855)
    assert fresh.pseudocubic[0, 0] == 0.5
    assert (fresh.atoms.arrays["site"] > 0).all()
    assert np.abs(fresh.atoms.positions - spoilt.atoms.positions + 1).max() < 1e-12


@pytest.mark.parametrize("rule", ["aligned", "dipole-cancelled", "random"])
def test_the_same_seed_gives_the_same_bytes(rule):
    first = load_phase("MAPbI3_orthorhombic", cations=rule, seed=5).atoms.positions
    second = load_phase("MAPbI3_orthorhombic", cations=rule, seed=5).atoms.positions
    assert first.tobytes() == second.tobytes()


def test_another_seed_turns_random_cations():
    first = load_phase("MAPbI3_orthorhombic", cations="random", seed=1).atoms.positions
    second = load_phase("MAPbI3_orthorhombic", cations="random", seed=2).atoms.positions
    assert np.abs(first - second).max() > 0.5


def test_cell_only_phase_loads_but_has_no_atoms():
    crystal = load_phase("PEA2PbBr4")
    assert crystal.atoms is None
    assert abs(np.linalg.det(crystal.cell)) == pytest.approx(2250.62, rel=1e-4)
    with pytest.raises(MissingAtomsError, match="only the cell"):
        crystal.require_atoms()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("PEA2SnI4", "low confidence in the cell"),
        ("CsSrBr3", "low confidence in the cell"),
        ("CsPbCl3", "low confidence in the free coordinates, a model"),
        ("CsCu2I3", "a model"),
        ("Cs4PbCl6", "medium confidence in the free coordinates, relaxed with a machine-learned"),
        ("MAPbI3", "recalled"),
        ("Cs4PbBr6", "density-functional"),
    ],
)
def test_little_trust_is_told(name, words):
    assert any(words in notice for notice in load_phase(name).notices)


def test_trusted_crystals_are_silent():
    for name in ("CsPbBr3_cubic", "MAPbCl3_cubic", "CsPbBr3", "RMBA2PbI4", "NaCl"):
        assert load_phase(name).notices == ()


def test_choice_notice_is_given_for_the_bare_formula_only():
    assert "FAPbI3_alpha" in load_phase("FAPbI3").notices[0]
    assert load_phase("FAPbI3_delta").notices == ()


def test_unknown_rule_is_refused_even_where_nothing_turns():
    with pytest.raises(UnknownNameError, match="unknown rule") as caught:
        load_phase("NaCl", cations="dipole-canceled")
    assert "dipole-cancelled" in caught.value.next_step


def test_list_is_sorted_and_can_be_narrowed():
    entries = list_crystals()
    assert [(e.family, e.name) for e in entries] == sorted((e.family, e.name) for e in entries)
    layered = list_crystals("ruddlesden_popper")
    assert {e.name for e in layered if e.has_atoms} == {
        "BA2PbI4_LT",
        "Cs2PbI2Cl2",
        "PEA2PbI4",
        "RMBA2PbI4",
    }
    with pytest.raises(UnknownNameError, match="family") as caught:
        list_crystals("ruddlesdenpopper")
    assert "ruddlesden_popper" in caught.value.next_step


def test_list_expands_no_crystal(monkeypatch):
    def expanded(*args, **kwargs):
        raise AssertionError("a crystal was expanded")

    monkeypatch.setattr("heterobuild.crystals.library.crystal_from_phase", expanded)
    assert list_crystals()


def test_data_file_exists():
    assert open_data(crystal_data_file("CH3NH3PbCl3")).name == "MAPbCl3_cubic.toml"


def test_paths_are_told_from_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd").write_text("x")
    (tmp_path / "CsPbBr3").write_text("x")
    assert is_path("a/b")
    assert is_path("mine.CIF")
    assert is_path("POSCAR")
    assert is_path("odd")
    assert not is_path("CsPbBr3")
    assert not is_path("CsPbBr3_cubic")
    assert not is_path("FA0.875Cs0.125PbBr3")
