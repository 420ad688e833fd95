import subprocess
import sys

import numpy as np
import pytest

from heterobuild.chemistry.connectivity import identify_molecule
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.chemistry.smiles import molecule_from_smiles
from heterobuild.errors import UsageError


@pytest.mark.parametrize("name", ["BA", "PEA", "R-MBA", "S-MBA", "3AMP", "oleate", "GUA"])
def test_a_smiles_of_the_library_gives_the_molecule_of_the_library(name):
    known = load_molecule(name)
    made = molecule_from_smiles("made", known.smiles)
    assert (made.formula, made.charge, made.head) == (known.formula, known.charge, known.head)
    assert made.positions == pytest.approx(known.positions, abs=1e-3)
    found = identify_molecule(made.numbers, made.positions)
    assert found is not None
    assert found.name == name


def test_a_new_molecule():
    made = molecule_from_smiles("HA", "CCCCCC[NH3+]")
    assert (made.formula, made.charge) == ("C6H16N", 1.0)
    carbon = made.positions[made.numbers == 6]
    # An all-trans chain of six carbons spans 5 × 1.27 Å along its axis.
    assert np.ptp(carbon[:, 0]) == pytest.approx(5 * 1.27, abs=0.15)
    assert made.positions[list(made.head), 0].min() > carbon[:, 0].max()


def test_an_open_stereocentre_is_told():
    assert "C2 open" in molecule_from_smiles("rac", "CC([NH3+])c1ccccc1").source.notes
    assert "open, " not in molecule_from_smiles("R", "C[C@@H]([NH3+])c1ccccc1").source.notes


@pytest.mark.parametrize(
    ("smiles", "said"),
    [
        ("C1CC", "cannot be read"),
        ("", "cannot be read"),
        ("C(C)(C)(C)(C)C", "cannot be read"),
        ("C[NH3+].[Br-]", "several fragments"),
        ("CCCC", "no head group"),
        ("[NH3+]C[CH2]", "radical"),
        ("C[C](C)[NH3+]", "C2 "),
    ],
)
def test_smiles_that_give_no_ion(smiles, said):
    with pytest.raises(UsageError, match=said):
        molecule_from_smiles("bad", smiles)


def test_without_rdkit_the_install_line_is_told():
    code = (
        "import sys; sys.modules['rdkit'] = None\n"
        "from heterobuild.chemistry.smiles import molecule_from_smiles\n"
        "from heterobuild.errors import MissingExtraError\n"
        "try:\n    molecule_from_smiles('x', 'C[NH3+]')\n"
        "except MissingExtraError as error:\n    print(error.exit_code, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("5 ")
    assert "heterobuild[organic]" in done.stdout
