import json

import pytest
import spglib
from ase.io import read


def test_a_tilted_crystal_is_written_with_the_measured_bond(heterobuild, tmp_path):
    outcome = heterobuild(
        *("crystals", "tilt", "CsPbBr3", "--glazer", "a-b+a-", "--angles", "9", "7", "9")
    )
    assert outcome.code == 0, outcome.err
    assert "a-b+a-, 9, 7, 9°" in outcome.out
    atoms = read(tmp_path / "CsPbBr3_a-b+a-.cif")
    cell = (atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers)
    assert spglib.get_symmetry_dataset(cell, symprec=1e-3).number == 62
    bonds = [
        atoms.get_distances(lead, [i for i, z in enumerate(atoms.numbers) if z == 35], mic=True)
        for lead in [i for i, z in enumerate(atoms.numbers) if z == 82]
    ]
    six = sorted(bond for row in bonds for bond in sorted(row)[:6])
    facts = json.loads(heterobuild("crystals", "show", "CsPbBr3", "--json").out)
    # Mean Pb–Br of the measured phase: 2.955, 2.958, 2.964 Å; our octahedra are regular.
    assert sum(six) / len(six) == pytest.approx(2.968, abs=0.01)
    assert facts["shortest_bx_angstrom"] == pytest.approx(2.955, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("CsPbBr3", "--glazer", "a+b+q-"), "q"),
        (("CsPbBr3", "--glazer", "a-b+a-", "--angles", "9", "7", "8"), "a"),
        (("CsPbBr3", "--glazer", "a0a0c+", "--angles", "9", "0", "5"), "a"),
        (("PEA2PbI4",), "no pure perovskite"),
        (("CsPb(Br0.5I0.5)3",), "no pure perovskite"),
    ],
)
def test_tilts_that_cannot_be(heterobuild, arguments, said):
    outcome = heterobuild("crystals", "tilt", *arguments)
    assert outcome.code == 2
    assert said in outcome.err


def test_without_options_the_measured_tilts_are_kept(heterobuild, tmp_path):
    outcome = heterobuild("crystals", "tilt", "CsPbBr3")
    assert outcome.code == 0, outcome.err
    ours = read(tmp_path / "CsPbBr3_a-a-c+.cif").cell.lengths()
    assert sorted(ours) == pytest.approx(sorted((8.255, 11.759, 8.207)), rel=0.015)


def test_the_perovskite_is_tilted_where_the_name_means_another_phase(heterobuild):
    outcome = heterobuild("crystals", "tilt", "CsPbI3", "--glazer", "a0a0c+")
    assert outcome.code == 0, outcome.err
    assert "CsPbI3_delta is no perovskite" in outcome.err
