import json

import pytest


def test_the_list_is_complete_and_sorted(heterobuild):
    from heterobuild.crystals import list_crystals

    result = json.loads(heterobuild("crystals", "list", "--json").out)
    assert [entry["name"] for entry in result] == [entry.name for entry in list_crystals()]
    assert len(result) > 60


def test_the_list_of_a_family(heterobuild):
    lines = heterobuild("crystals", "list", "--family", "copper_halide").out.splitlines()
    assert [line.split()[0] for line in lines] == ["name", "Cs3Cu2I5", "CsCu2I3"]


def test_facts_of_a_crystal(heterobuild):
    facts = json.loads(heterobuild("crystals", "show", "CsPbBr3_cubic", "--json").out)
    assert facts["space_group_number"] == 221
    assert facts["cell_angstrom_degrees"] == [5.874, 5.874, 5.874, 90, 90, 90]
    assert facts["shortest_bx_angstrom"] == pytest.approx(5.874 / 2)
    mass = 132.905 + 207.2 + 3 * 79.904
    assert facts["density_g_cm3"] == pytest.approx(mass * 1.66054 / 5.874**3, rel=1e-4)


def test_terminations_on_request(heterobuild):
    facts = json.loads(
        heterobuild("crystals", "show", "CsPbBr3_cubic", "--miller", "001", "--json").out
    )
    assert {entry["formula"] for entry in facts["terminations"]} == {"CsBr", "PbBr2"}
    text = heterobuild("crystals", "show", "CsPbBr3_cubic", "--miller", "0 0 1").out
    assert "PbBr2" in text
    assert "source" in text


def test_notices_go_to_the_standard_error(heterobuild):
    outcome = heterobuild("crystals", "show", "CsPbCl3_orthorhombic")
    assert "note: " in outcome.err
    assert "confidence" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "CsPbBr"], "did you mean CsPbBr3"),
        (["list", "--family", "abx4"], "did you mean abx3"),
        (["export", "CsPbBr3", "-f", "ciff", "-o", "o"], "cif"),
        (["show", "CsPbBr3", "--miller", "000"], "no plane"),
        (["export", "CsPbBr3", "-o", "missing/deeper"], "parent"),
    ],
)
def test_mistakes(heterobuild, arguments, words):
    outcome = heterobuild("crystals", *arguments)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert words in outcome.err


def test_a_crystal_is_exported_and_read_by_another_program(heterobuild, tmp_path):
    from ase.io import read

    outcome = heterobuild("crystals", "export", "CsPbI3_alpha", "-f", "poscar", "-o", "o")
    assert outcome.code == 0
    atoms = read(tmp_path / "o/CsPbI3_alpha.vasp", format="vasp")
    assert sorted(atoms.get_chemical_symbols()) == ["Cs", "I", "I", "I", "Pb"]
    again = heterobuild("crystals", "export", "CsPbI3_alpha", "-f", "poscar", "-o", "o")
    assert again.code == 2
    assert "--force" in again.err


def test_a_phase_without_atoms_shows_but_is_not_exported(heterobuild):
    from heterobuild.crystals import list_crystals

    name = next(entry.name for entry in list_crystals() if not entry.has_atoms)
    assert "only the cell is known" in heterobuild("crystals", "show", name).out
    outcome = heterobuild("crystals", "export", name, "-o", "o")
    assert outcome.code == 2
    assert "only the cell" in outcome.err
