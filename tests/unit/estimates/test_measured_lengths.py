import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.crystals import load_phase
from heterobuild.crystals.phase_names import find_phase
from heterobuild.estimates.measured_lengths import (
    bonds,
    by_formula,
    in_plane_length,
    ions_on,
    layered_phases,
    mean_bond,
    perovskite_ions,
    perovskite_phases,
    room_factor,
    terminal_height,
    volume_length,
)
from heterobuild.labels import Site


def phase(name):
    return find_phase(name)[0]


def test_ions_by_role():
    assert perovskite_ions("FAPbI3") == ("FA", "Pb", "I")
    assert ions_on("BA2MAPb2I7", Site.A) == ("MA",)
    assert ions_on("Cs2PbI2Cl2", Site.X) == ("I", "Cl")


def test_only_corner_sharing_phases_count_as_perovskites():
    names = {entry.name for entry in perovskite_phases()}
    assert {"CsPbI3_gamma", "CsGeI3_trigonal", "MAPbI3_tetragonal"} <= names
    assert not names & {"CsPbI3_delta", "CsMnBr3_hexagonal", "FAPbI3_delta"}
    assert {entry.family for entry in layered_phases()} == {"ruddlesden_popper", "dion_jacobson"}


def test_temperature_is_corrected_by_the_published_expansion():
    """CsPbI3_alpha, 634 K, 3.9e-5 per K; a phase without a coefficient takes 4e-5."""
    assert room_factor(phase("CsPbI3_alpha")) == pytest.approx(1 - 3.9e-5 * 336)
    assert room_factor(phase("CsPbBr3_cubic")) == pytest.approx(1 - 4e-5 * (425 - 298))
    assert room_factor(phase("CsSnBr3_cubic")) == 1.0


def test_lengths_of_known_cells():
    assert volume_length(phase("CsSnBr3_cubic")) == pytest.approx(5.795)
    orthorhombic = (8.255 * 11.759 * 8.207 / 4) ** (1 / 3)
    assert volume_length(phase("CsPbBr3_orthorhombic")) == pytest.approx(orthorhombic)
    square = 5.6385 * room_factor(phase("Cs2PbI2Cl2"))
    assert in_plane_length(phase("Cs2PbI2Cl2")) == pytest.approx(square)


def test_mean_bond_is_that_of_an_independent_search():
    entry = phase("CsSnI3_gamma")
    atoms = load_phase("CsSnI3_gamma").atoms
    first, lengths = neighbor_list("id", atoms, {("Sn", "I"): 4.0})
    tin = lengths[atoms.numbers[first] == 50]
    assert len(tin) == 24
    assert mean_bond(entry.path) == pytest.approx(tin.mean() * room_factor(entry))


def test_bonds_lead_from_metal_to_halide():
    atoms = load_phase("CsPbCl3_cubic").atoms
    b, x, lengths, vectors = bonds(atoms)
    assert len(b) == 6
    assert set(atoms.numbers[b]) == {82}
    assert set(atoms.numbers[x]) == {17}
    np.testing.assert_allclose(lengths, 5.605 / 2)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), lengths)


def test_height_of_terminal_iodide_in_cs2pbi2cl2():
    """z(I) = 0.16796 of c = 18.879 Å, 10.1021/jacs.8b06046."""
    entry = phase("Cs2PbI2Cl2")
    assert terminal_height(entry.path) == pytest.approx(0.16796 * 18.879 * room_factor(entry))


def test_a_compound_is_left_out_with_all_its_phases():
    lengths = by_formula(perovskite_phases(), volume_length, ["CsPbI3_gamma", "MAPbCl3"])
    assert not {"CsPbI3", "MAPbCl3"} & set(lengths)
    assert list(lengths) == sorted(lengths)
    names = ("CsPbBr3_cubic", "CsPbBr3_orthorhombic", "CsPbBr3_tetragonal")
    assert lengths["CsPbBr3"] == pytest.approx(np.mean([volume_length(phase(n)) for n in names]))
