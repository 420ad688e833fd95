import pytest
from ase import Atoms
from ase.io import write

from heterobuild.chemistry.formulas import expand_formula
from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_role
from heterobuild.errors import HeterobuildError
from heterobuild.recipes.inputs import input_files, with_copies
from heterobuild.recipes.own_molecules import own_molecules
from heterobuild.recipes.writing import recipe_as_dict

SMILES = "molecules:\n  HA: {smiles: 'CCCCCC[NH3+]'}\n"


def test_a_molecule_is_known_while_the_recipe_runs(make, text):
    with own_molecules(make(text + SMILES)):
        assert load_molecule("HA").formula == "C6H16N"
        assert molecule_role("HA").name == "SPACER"
        assert expand_formula("HA2PbI4") == {"HA": 2, "Pb": 1, "I": 4}
    assert "HA" not in list_molecules()


def test_the_canonical_recipe_keeps_it(make, text):
    assert recipe_as_dict(make(text + SMILES))["molecules"]["HA"]["smiles"] == "CCCCCC[NH3+]"
    assert "molecules" not in recipe_as_dict(make(text))


def test_a_file_is_copied_beside_the_results(make, text, tmp_path):
    body = load_molecule("BA")
    (tmp_path / "in").mkdir()
    write(tmp_path / "in/ba.xyz", Atoms(numbers=body.numbers, positions=body.positions))
    recipe = make(
        text + "molecules:\n  Mine: {file: in/ba.xyz, charge: 1, site: A}\n", folder=tmp_path
    )
    assert input_files(recipe) == {"ba.xyz": tmp_path / "in/ba.xyz"}
    assert with_copies(recipe).molecules["Mine"].file == "ba.xyz"
    with own_molecules(recipe):
        assert (load_molecule("Mine").head, molecule_role("Mine").name) == (body.head, "A")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("HA: {}", "needs a SMILES or a file"),
        ("HA: {smiles: 'C[NH3+]', file: x.xyz}", "needs a SMILES or a file"),
        ("HA: {smiles: 'CC('}", "cannot be read"),
        ("HA: {smiles: 'CC(=O)[O-]'}", "no cation"),
        ("HA: {smiles: 'C[NH3+]', charge: 2}", "another charge"),
        ("HA: {file: x.xyz}", "charge of the molecule HA is missing"),
        ("HA: {file: x.xyz, charge: 1}", "no such file"),
        ("Cs: {smiles: 'C[NH3+]'}", "cannot be used"),
        ("MA: {smiles: 'C[NH3+]'}", "cannot be used"),
    ],
)
def test_molecules_that_cannot_be(make, text, entry, said):
    recipe = make(f"{text}molecules:\n  {entry}\n")
    with pytest.raises(HeterobuildError, match=said) as caught, own_molecules(recipe):
        pass
    assert "r.yaml:14" in str(caught.value) or "r.yaml:15" in str(caught.value)


def test_a_molecule_that_the_build_names_is_a_ligand(make, tower):
    own = "molecules:\n  PROP: {smiles: 'CCC(=O)[O-]'}\n  HA: {smiles: 'CCCCCC[NH3+]'}\n"
    ligands = tower.replace("form: square", "ligands: {PROP: 0.5, HA: 0.5}") + own
    with own_molecules(make(ligands)):
        assert (molecule_role("PROP").name, load_molecule("PROP").charge) == ("LIGAND", -1)
        assert molecule_role("HA").name == "LIGAND"
    spacer = ligands.replace("'CCCCCC[NH3+]'", "'CCCCCC[NH3+]', site: spacer")
    with own_molecules(make(spacer)):
        assert molecule_role("HA").name == "SPACER"
    with (
        pytest.raises(HeterobuildError, match="PROP is no cation"),
        own_molecules(make(tower + own)),
    ):
        pass
