import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals.phase_names import find_phase
from heterobuild.estimates.scaled_cells import (
    cell_like,
    contact_sum,
    left_out,
    octahedral_radius,
)


def phase(name):
    return find_phase(name)[0]


def test_sum_of_contacts():
    """2 (1.88 + 1.96) + (1.19 + 1.96) Å of Cs, Br and Pb; the mean metal of 1.15 and 1.03 Å."""
    assert contact_sum(parse_compound("Cs4PbBr6")) == pytest.approx(10.83)
    assert contact_sum(parse_compound("Cs4PbBr6"), 0.5) == pytest.approx(1.92 + 3.15)
    assert contact_sum(parse_compound("Cs2AgBiBr6")) == pytest.approx(2 * 3.84 + 1.09 + 1.96)


def test_lone_pairs_count_only_at_charge_two():
    assert octahedral_radius("Pb", 2) == 1.19
    assert 0.73 < octahedral_radius("Ge", 2) < 1.19
    assert octahedral_radius("Ge", 4) == 0.53
    assert octahedral_radius("Ca", 2) == 1.00


def test_the_same_compound_keeps_its_cell():
    cell = cell_like([phase("Cs4PbBr6")], parse_compound("Cs4PbBr6"))
    assert cell.lengths_angles == pytest.approx((13.73, 13.73, 17.32, 90, 90, 120))
    assert np.isnan(cell.error)


def test_lengths_follow_the_sum_axis_by_axis():
    members = [phase("CsPb2Br5"), phase("CsPb2Cl5")]
    wanted = parse_compound("CsPb2I5")
    sums = [contact_sum(parse_compound(m.formula)) for m in members]
    a = np.mean([m.lengths_angles[0] / s for m, s in zip(members, sums, strict=True)])
    cell = cell_like(members, wanted)
    assert cell.lengths_angles[0] == pytest.approx(a * contact_sum(wanted))
    assert cell.members == 2
    inside = cell_like(members, parse_compound("CsPb2Br5"))
    assert cell.error > inside.error > 0


def test_each_axis_follows_its_own_sum():
    member, wanted = phase("CsPbI3_delta"), parse_compound("CsSnI3")
    even, chains = cell_like([member], wanted), cell_like([member], wanted, (2.0, 0.5, 2.0))
    assert chains.lengths_angles[::2] == even.lengths_angles[::2]
    assert chains.lengths_angles[1] < even.lengths_angles[1]  # Sn is smaller, Cs the same


def test_members_are_predicted_from_the_others():
    axes = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.6]])
    scales = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    errors = left_out(axes, scales)
    np.testing.assert_allclose(errors, [[0, 0, 0.1], [0, 0, 3 / 3.3 - 1]], atol=1e-12)
    assert np.isnan(left_out(axes[:1], scales[:1])).all()
