import json

import pytest


def test_the_list_is_complete_and_sorted(heterobuild):
    from heterobuild.crystals import list_crystals

    result = json.loads(heterobuild("crystals", "list", "--json").out)
    assert [entry["name"] for entry in result] == [entry.name for entry in list_crystals()]
    assert len(result) > 60


def test_the_list_of_a_family(heterobuild):
    lines = heterobuild("crystals", "list", "--family", "copper_halide").out.splitlines()
    assert [line.split()[0] for line in lines] == ["name", "Cs3Cu2I5", "CsCu2Cl3", "CsCu2I3"]


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
        (["show", "CsPbBr"], "neutral are CsPbBr3"),
        (["show", "CsPbBr3_cubc"], "did you mean CsPbBr3_cubic"),
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


def test_a_measured_cell_without_coordinates_gets_atoms_by_model(heterobuild, tmp_path):
    from ase.io import read

    shown = heterobuild("crystals", "show", "BA2PbI4")
    assert "coordinates low" in shown.out
    assert "the lattice is measured (Pbca, 8.8764 8.6925 27.6014 Å)" in shown.err
    assert "the atoms are a model" in shown.err
    assert heterobuild("crystals", "export", "BA2PbI4").code == 0
    atoms = read(tmp_path / "BA2PbI4.cif")
    assert sorted(atoms.cell.lengths()) == pytest.approx([8.6925, 8.8764, 27.6014], abs=1e-4)
    # Four formula units of (C4H12N)2PbI4.
    assert atoms.get_chemical_formula() == "C32H96I16N8Pb4"


def test_a_formula_that_nobody_measured(heterobuild, tmp_path):
    from ase.io import read

    outcome = heterobuild("crystals", "export", "PEA2Cs2Pb3I10", "-f", "cif")
    assert outcome.code == 0
    assert outcome.out.split() == ["PEA2Cs2Pb3I10_rp.cif"]
    assert "nothing of it was measured" in outcome.err
    atoms = read(tmp_path / "PEA2Cs2Pb3I10_rp.cif")
    assert atoms.get_chemical_formula(empirical=True) == "C16H24Cs2I10N2Pb3"


def test_a_mixed_crystal_is_exported_with_whole_ions(heterobuild, tmp_path):
    from ase.io import read

    name = "FA0.75Cs0.25Pb(Br0.5I0.5)3:cubic"
    outcome = heterobuild("crystals", "export", name, "--repeat", "2,2,1", "--seed", "4")
    assert outcome.code == 0, outcome.err
    (file,) = outcome.out.split()
    atoms = read(tmp_path / file)
    assert atoms.get_chemical_formula(empirical=False) == "C3H15Br6CsI6N6Pb4"
    small = heterobuild("crystals", "export", name, "--repeat", "1,1,1", "--force")
    assert small.code == 2
    assert "supercell" in small.err
    wrong = heterobuild("crystals", "export", name, "--repeat", "2,2")
    assert (wrong.code, "write 2,2,2" in wrong.err) == (2, True)


def test_a_spacer_of_the_users_own(heterobuild, tmp_path):
    from ase.io import read

    arguments = ("crystals", "export", "HA2PbBr4", "--molecule", "HA=CCCCCC[NH3+]")
    outcome = heterobuild(*arguments)
    assert outcome.code == 0, outcome.err
    atoms = read(tmp_path / outcome.out.split()[0])
    assert atoms.get_chemical_formula(empirical=True) == "C12H32Br4N2Pb"
    assert "unknown" in heterobuild("crystals", "show", "HA2PbBr4").err


def test_what_the_formula_and_the_coordinates_imply(heterobuild):
    facts = json.loads(heterobuild("crystals", "show", "CsPbBr3", "--json").out)
    # Shannon: Cs 1.88, Pb 1.19, Br 1.96.
    assert facts["tolerance_factor"] == pytest.approx((1.88 + 1.96) / (2**0.5 * 3.15), abs=1e-4)
    assert facts["octahedral_factor"] == pytest.approx(1.19 / 1.96, abs=1e-4)
    assert facts["tilts"]["glazer"] == "a-a-c+"
    assert 1.5 < facts["bond_valence"]["sums"]["Pb"] < 2.5
    mixed = json.loads(heterobuild("crystals", "show", "CsPb(Br0.4I0.6)3", "--json").out)
    assert mixed["mixtures"] == [{"site": "X", "shares": {"I": 0.6, "Br": 0.4}}]


def test_doping_with_a_named_compensation_or_a_refusal(heterobuild, tmp_path):
    from ase.io import read

    arguments = ("crystals", "export", "CsPbBr3_cubic", "--repeat", "2,2,2", "--dope", "Bi=0.125")
    refused = heterobuild(*arguments)
    assert refused.code == 2
    assert "vacancy-A" in refused.err
    outcome = heterobuild(*arguments, "--compensation", "vacancy-A")
    assert outcome.code == 0, outcome.err
    counts = read(tmp_path / outcome.out.split()[0]).symbols.formula.count()
    # One Bi3+ on Pb2+ and one Cs+ less.
    assert counts == {"Cs": 7, "Pb": 7, "Bi": 1, "Br": 24}
    wrong = heterobuild("crystals", "export", "CsPbBr3_cubic", "--dope", "Bi")
    assert (wrong.code, "write Bi=0.125" in wrong.err) == (2, True)


def test_overlapping_atoms_are_not_written(heterobuild, tmp_path):
    arguments = ("CsPbBr3", "--glazer", "a+a+a+", "--angles", "30", "30", "30")
    refused = heterobuild("crystals", "tilt", *arguments)
    assert refused.code == 4
    assert "--allow-failed-checks" in refused.err
    assert not list(tmp_path.glob("*.cif"))
    assert heterobuild("crystals", "tilt", *arguments, "--allow-failed-checks").code == 0


def test_the_density_of_a_mixed_crystal_counts_its_shares(heterobuild):
    facts = json.loads(heterobuild("crystals", "show", "CsPb(Br0.5I0.5)3:cubic", "--json").out)
    # One formula unit: Cs 132.905, Pb 207.2, halogens 3 × (79.904 + 126.904)/2.
    edge = (5.874 + 6.2894) / 2
    wanted = (132.905 + 207.2 + 1.5 * 206.808) * 1.66053906660 / edge**3
    assert facts["density_g_cm3"] == pytest.approx(wanted, rel=1e-4)
    assert facts["bond_valence"] is None
