from __future__ import annotations

import pytest

from heterobuild.chemistry.oxidation_states import guess_charges


@pytest.mark.parametrize(
    ("counts", "charges"),
    [
        ({"Cs": 4, "Pb": 4, "Br": 12}, {"Cs": 1, "Pb": 2, "Br": -1}),
        ({"Cs": 2, "Ag": 1, "Bi": 1, "Br": 6}, {"Cs": 1, "Ag": 1, "Bi": 3, "Br": -1}),
        ({"Sn": 1, "O": 2}, {"Sn": 4, "O": -2}),
        ({"Cs": 2, "Sn": 1, "I": 6}, {"Cs": 1, "Sn": 4, "I": -1}),
        ({"W": 1, "O": 3}, {"W": 6, "O": -2}),
    ],
)
def test_textbook_charges(counts, charges):
    assert guess_charges(counts) == charges


def test_zero_counts_are_left_out():
    assert guess_charges({"Cs": 1, "Br": 1, "Pb": 0}) == {"Cs": 1, "Br": -1}


def test_mixed_valence_gets_the_mean():
    assert guess_charges({"Fe": 3, "O": 4}) == {"Fe": pytest.approx(8 / 3, abs=1e-6), "O": -2}


def test_no_neutral_assignment():
    assert guess_charges({"Cs": 1, "Br": 2}) is None


def test_usual_charges_need_no_pymatgen():
    import subprocess
    import sys

    code = (
        "import sys; from heterobuild.chemistry.oxidation_states import guess_charges;"
        "guess_charges({'Cs': 1, 'Pb': 1, 'I': 3}); print('pymatgen' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
