from heterobuild.cli.portrait import portrait, portrait_lines
from heterobuild.compounds import load_crystal


def test_molecules_and_their_chosen_orientation_are_told():
    facts = portrait(load_crystal("MAPbCl3_cubic"))
    assert facts["orientation_chosen_for"] == ["MA"]
    assert "is a choice" in "\n".join(portrait_lines(facts))


def test_the_volume_is_that_of_the_cell():
    facts = portrait(load_crystal("CsPbBr3_orthorhombic"))
    assert facts["volume_angstrom3"] == round(8.255 * 11.759 * 8.207, 4)
    assert facts["band_edges"]["gap"] == 2.36
