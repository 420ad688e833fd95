import pytest

from heterobuild.crystals.ion_charges import balance, charge_ions
from heterobuild.crystals.library import load_phase


@pytest.mark.parametrize(
    ("ions", "rest", "expected", "how"),
    [
        ({"Cs": 1, "Pb": 1, "Br": 3}, 0, {"Cs": 1, "Pb": 2, "Br": -1}, "usual"),
        ({"Pb": 1, "I": 3}, 1, {"Pb": 2, "I": -1}, "usual"),
        ({"Cs": 2, "Sn": 1, "I": 6}, 0, {"Cs": 1, "Sn": 4, "I": -1}, "balanced"),
        (
            {"Cs": 8, "Na": 4, "Yb": 4, "Cl": 24},
            0,
            {"Cs": 1, "Na": 1, "Yb": 3, "Cl": -1},
            "balanced",
        ),
        ({"Cs": 1, "Yb": 1, "I": 3}, 0, {"Cs": 1, "Yb": 2, "I": -1}, "usual"),
        ({"Cu": 1, "Cl": 4}, 2, {"Cu": 2, "Cl": -1}, "balanced"),
        ({"Cs": 2, "Ag": 1, "Bi": 1, "Br": 6}, 0, {"Cs": 1, "Ag": 1, "Bi": 3, "Br": -1}, "usual"),
        ({"Cs": 2, "Ti": 1, "Br": 6}, 0, {"Cs": 1, "Ti": 4, "Br": -1}, "usual"),
        ({"Cs": 1, "Xe": 1, "F": 1}, 0, {"Cs": 1, "Xe": 0, "F": -1}, "balanced"),
    ],
)
def test_cells_are_balanced(ions, rest, expected, how):
    charges, found = balance(ions, rest)
    assert charges == expected
    assert found == how
    assert sum(ions[s] * q for s, q in charges.items()) + rest == 0


def test_what_cannot_be_balanced_keeps_the_usual_charges():
    charges, how = balance({"Cs": 1, "Pb": 1, "Br": 3}, 1)
    assert how == "unbalanced"
    assert charges == {"Cs": 1, "Pb": 2, "Br": -1}


def test_the_sentence_names_the_charges_and_what_is_left():
    crystal = load_phase("MAPbCl3")
    atoms, _, said = charge_ions(crystal.atoms, crystal.molecules)
    assert "Pb +2, Cl -1, MA +1" in said
    assert atoms.arrays["formal_charge"].sum() == 0
    lone = crystal.atoms.copy()
    lone.arrays["formal_charge"][lone.arrays["molecule"] > 0] *= 2
    _, _, said = charge_ions(lone, crystal.molecules)
    assert "do not balance, the cell has +1 e" in said


def test_guessing_never_hangs(monkeypatch):
    def guess(counts):
        raise AssertionError("a large formula was given to pymatgen")

    monkeypatch.setattr("heterobuild.chemistry.oxidation_states.guess_charges", guess)
    assert balance({"Xe": 719, "Og": 720, "Br": 2161}, 0)[1] == "unbalanced"
    assert balance({"Cs": 719, "Pb": 720, "Br": 2160}, 0)[1] == "unbalanced"


def test_several_elements_without_usual_charge_are_guessed():
    charges, how = balance({"Pr": 1, "Nb": 1, "O": 4}, 0)
    assert how == "guessed"
    assert charges == {"Pr": 3, "Nb": 5, "O": -2}


def test_charges_that_the_file_states_count_where_they_balance():
    crystal = load_phase("CsPbBr3")
    stated = {"Cs": 1.0, "Pb": 2.0, "Br": -1.0}
    _, _, said = charge_ions(crystal.atoms, (), stated)
    assert "those of the file" in said
    for wrong in ({"Cs": 1.0, "Pb": 4.0, "Br": -1.0}, {"Cs": 1.0}):
        _, _, said = charge_ions(crystal.atoms, (), wrong)
        assert "usual charges" in said
    mixed_valence = crystal.atoms.copy()
    mixed_valence.numbers[mixed_valence.numbers == 55] = 81
    _, _, said = charge_ions(mixed_valence, (), {"Tl": 3.0, "Pb": 3.0, "Br": -2.0})
    assert "Tl +3, Pb +3, Br -2" in said
