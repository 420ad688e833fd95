from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from heterobuild.defects import add_defects, parse_defect
from heterobuild.defects.changes import Change, Guest


def test_a_change_that_removes_nothing_and_adds_nothing_compensates_nothing():
    change = Change(name="V_Br", point=np.zeros(3), charge=1.0)
    assert (change.removed, change.guest, change.moved, change.partner_of) == (-1, None, None, -1)
    with pytest.raises(FrozenInstanceError):
        change.removed = 3


def test_a_guest_becomes_an_atom_with_its_labels(stack):
    guest = Guest(name="Br", positions=np.ones((1, 3)), charge=-1.0, region=2, layer=3, site=3)
    built = add_defects(stack, [parse_defect("Br_i film 3")], seed=0)
    arrays = {name: array[-1] for name, array in built.atoms.arrays.items()}
    assert (arrays["region"], arrays["layer"]) == (guest.region, guest.layer)
    assert (arrays["site"], arrays["formal_charge"]) == (guest.site, guest.charge)
