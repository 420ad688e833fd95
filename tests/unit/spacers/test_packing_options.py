"""Bad options of organic layers get one clear line."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UsageError
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.packing import pack_spacers
from heterobuild.spacers.packing_options import check_bridge, check_layer, check_pose

SHEET = make_sheet("Pb", "I", 1, length=6.26, bond=3.18)


def faces(shift=(0.5, 0.5)):
    return {
        "cell": SHEET.cell,
        "below": upper_face(SHEET),
        "above": lower_face(SHEET, np.array(shift) @ SHEET.square),
    }


def test_usual_options_pass():
    face = upper_face(SHEET)
    check_layer(face, None, None, None)
    check_layer(None, face, 7.4, 0.5)
    check_pose(30.0, -120.0, 700.0)
    check_bridge(as_spacer(load_molecule("4AMP")), face, face, None, 0.5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"below": None, "above": None}, "need a face"),
        ({"spacing": -1.0}, "positive"),
        ({"spacing": 0.0}, "positive"),
        ({"depth": 9.0}, "near the plane"),
        ({"tilt": -5.0}, "do not tilt that far"),
        ({"tilt": 80.0}, "do not tilt that far"),
        ({"roll": float("inf")}, "finite angle"),
    ],
)
def test_bad_input(changes, message):
    with pytest.raises(UsageError, match=message):
        pack_spacers(load_molecule("BA"), **(faces() | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"above": None}, "needs two faces"),
        ({"tilt": 20.0}, "follows from the spacing"),
        ({"depth": 1.5}, "outside the pockets"),
        ({"depth": 0.1}, "0.20 to 0.90"),
    ],
)
def test_bad_input_with_two_heads(changes, message):
    with pytest.raises(UsageError, match=message):
        pack_spacers(load_molecule("4AMP"), **(faces((0, 0)) | changes))
