import numpy as np
import pytest

from heterobuild.defects import add_defects, parse_defect
from heterobuild.errors import UsageError
from heterobuild.validation import check


def test_a_molecule_takes_the_site_of_an_ion(stack):
    built = add_defects(stack, [parse_defect("MA_Cs 3")], seed=4)
    (molecule,) = built.molecules
    new = built.atoms[built.atoms.arrays["defect"] == 1]
    assert len(new) == len(molecule.numbers)
    assert new.get_all_distances() == pytest.approx(
        np.linalg.norm(molecule.positions[:, None] - molecule.positions, axis=2)
    )
    assert len(built.atoms) == len(stack.atoms) + len(new) - 1
    assert check(built).passed


def test_an_ion_takes_the_site_of_a_whole_molecule(stack):
    built = add_defects(stack, [parse_defect("Cs_MA -2")], seed=4)
    assert len(built.atoms) == len(stack.atoms) - len(stack.molecules[0].numbers) + 1
    assert check(built).passed


def test_a_molecule_that_does_not_fit_is_refused(stack):
    with pytest.raises(UsageError, match="no room for MA_Pb"):
        add_defects(stack, [parse_defect("MA_Pb film 4")])
