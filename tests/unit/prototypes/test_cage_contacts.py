import pytest
from ase.neighborlist import neighbor_list

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.errors import UsageError
from heterobuild.prototypes.builders import build_prototype
from heterobuild.prototypes.cage_contacts import CLOSEST, require_room_on_a


@pytest.mark.parametrize("formula", ["MAMgF3", "FACaF3", "FAPbF3", "GUAPbF3"])
def test_molecules_too_large_for_the_cage_are_refused(formula):
    with pytest.raises(UsageError, match="tolerance factor"):
        build_prototype(parse_compound(formula))


@pytest.mark.parametrize("formula", ["MAPbI3", "FASnCl3", "GUAPbBr3", "FA4PbBr6", "FA2SnI6"])
def test_usual_molecules_have_room(formula):
    """Hydrogens of the molecules keep 1.85 Å from halides, by ASE."""
    atoms = build_prototype(parse_compound(formula)).require_atoms()
    i, j, lengths = neighbor_list("ijd", atoms, 3.0)
    site = atoms.arrays["site"]
    mine = (atoms.numbers[i] == 1) & (site[j] == 3)
    assert lengths[mine].min() > 1.85


def test_a_squeezed_crystal_is_refused_with_its_contact():
    crystal = build_prototype(parse_compound("MAPbI3"), "cubic")
    assert require_room_on_a(crystal) is crystal
    atoms = crystal.require_atoms()
    halides = atoms.arrays["site"] == 3
    tip = atoms.positions[(atoms.arrays["molecule"] == 1) & (atoms.numbers == 1)][-1]
    atoms.positions[halides.nonzero()[0][0]] = tip + [0.0, 0.0, 1.2]
    with pytest.raises(UsageError, match=rf"H–I.*{CLOSEST:g} of it"):
        require_room_on_a(crystal)
