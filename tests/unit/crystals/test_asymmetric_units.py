import dataclasses

import numpy as np
import pytest

from heterobuild.crystals.asymmetric_units import (
    conventional_cell,
    crystal_from_phase,
    trust_notices,
)
from heterobuild.crystals.phase_files import AtomSite
from heterobuild.crystals.phase_names import find_phase
from heterobuild.errors import StructureFileError
from heterobuild.labels import Site


def phase_with(name, **changes):
    return dataclasses.replace(find_phase(name)[0], **changes)


def test_cell_has_the_lengths_and_angles_of_the_file():
    phase = find_phase("PEA2PbI4")[0]
    cell = conventional_cell(phase)
    lengths = np.linalg.norm(cell, axis=1)
    np.testing.assert_allclose(lengths, phase.lengths_angles[:3])
    cosines = [cell[i] @ cell[j] / (lengths[i] * lengths[j]) for i, j in ((1, 2), (0, 2), (0, 1))]
    np.testing.assert_allclose(np.degrees(np.arccos(cosines)), phase.lengths_angles[3:])


@pytest.mark.parametrize("angles", [(90, 90, 180), (20, 20, 90), (170, 120, 90)])
def test_angles_that_do_not_close_are_refused(angles):
    phase = phase_with("PEA2PbI4", lengths_angles=(8.0, 8.0, 8.0, *map(float, angles)))
    with pytest.raises(StructureFileError, match="no volume") as caught:
        conventional_cell(phase)
    assert caught.value.where == phase.path


def test_wrong_wyckoff_site_is_named():
    phase = find_phase("CsPbBr3_cubic")[0]
    sites = (*phase.sites[:2], dataclasses.replace(phase.sites[2], wyckoff="6e"))
    with pytest.raises(StructureFileError, match="Br 6e") as caught:
        crystal_from_phase(dataclasses.replace(phase, sites=sites))
    assert caught.value.where == phase.path
    assert caught.value.measured == "3 positions"
    assert caught.value.allowed == 6


def test_charges_that_do_not_cancel_are_refused():
    phase = find_phase("CsSnI3_alpha")[0]
    with pytest.raises(StructureFileError, match="do not add up") as caught:
        crystal_from_phase(dataclasses.replace(phase, charges={"Sn": 4}))
    assert caught.value.measured == "+2 e"


def test_element_without_a_known_charge_needs_one_in_the_file():
    phase = find_phase("CsPbBr3_cubic")[0]
    cerium = dataclasses.replace(phase.sites[1], species="Og")
    strange = dataclasses.replace(phase, sites=(phase.sites[0], cerium, phase.sites[2]))
    with pytest.raises(StructureFileError, match="formal charge of Og"):
        crystal_from_phase(strange)
    named = crystal_from_phase(dataclasses.replace(strange, charges={"Og": 2}))
    assert named.atoms.arrays["formal_charge"][1] == 2


def test_unknown_explicit_molecule_is_refused():
    phase = find_phase("CsPbBr3_cubic")[0]
    fragment = tuple(
        AtomSite(species="C", wyckoff="1a", position=(0.5 + shift, 0.5, 0.5), role=Site.SPACER)
        for shift in (0.0, 0.22)
    )
    strange = dataclasses.replace(phase, number=1, space_group="P1", sites=fragment)
    with pytest.raises(StructureFileError, match=r"\[C2\] is not in the library"):
        crystal_from_phase(strange)


def test_explicit_molecules_come_last_and_in_one_run():
    crystal = crystal_from_phase(find_phase("RMBA2PbI4")[0])
    molecule = crystal.atoms.arrays["molecule"]
    assert (np.diff(molecule) >= 0).all()
    assert np.bincount(molecule).tolist() == [20] + [21] * 8
    assert [m.name for m in crystal.molecules] == ["R-MBA"]
    assert crystal.placed == ()


def test_notices_follow_the_words_of_the_file():
    assert trust_notices(find_phase("CsPbBr3_cubic")[0]) == ()
    assert len(trust_notices(find_phase("CsPb2Cl5")[0])) == 2
