import numpy as np
import pytest

from heterobuild.crystals.orbits import expand, hall_number, symmetry_operations
from heterobuild.errors import StructureFileError


@pytest.mark.parametrize(
    ("number", "symbol", "setting", "hall"),
    [
        (221, "Pm-3m", "standard", 517),
        (62, "Pnma", "standard", 292),
        (62, "P n a m", "standard", 297),
        (14, "P2_1/c", "as published", 81),
        (14, "P2_1/n", "standard", 82),
        (40, "Cc2m", "as published", 201),
        (167, "R-3c", "hexagonal axes", 460),
        (167, "R-3c", "rhombohedral axes", 461),
        (227, "Fd-3m", "origin choice 2", 526),
        (154, "P3_221", "standard", 443),
    ],
)
def test_the_setting_is_found(number, symbol, setting, hall):
    assert hall_number(number, symbol, setting) == hall


def test_operations_agree_with_gemmi():
    import gemmi

    for number, symbol, name in ((62, "Pbnm", "P b n m"), (40, "Cc2m", "C c 2 m")):
        rotations, translations = symmetry_operations(hall_number(number, symbol))
        operations = list(gemmi.find_spacegroup_by_name(name).operations())
        theirs = {
            (tuple(np.ravel(op.rot) // op.DEN), tuple(np.array(op.tran) % op.DEN))
            for op in operations
        }
        ours = {
            (tuple(r.ravel().astype(int)), tuple(np.round(t * 24).astype(int) % 24))
            for r, t in zip(rotations, translations, strict=True)
        }
        assert ours == theirs


@pytest.mark.parametrize(
    ("number", "symbol", "words"),
    [(62, "Pm-3m", "not one space group"), (999, "P1", "not one"), (167, "R-3c", "setting open")],
)
def test_wrong_or_open_symbols_are_refused(number, symbol, words):
    with pytest.raises(StructureFileError, match=words) as caught:
        hall_number(number, symbol, where="x.toml")
    assert caught.value.where == "x.toml"


@pytest.mark.parametrize(
    ("position", "multiplicity"),
    [
        ((0, 0, 0), 1),
        ((0.5, 0, 0), 3),
        ((0.1, 0, 0), 6),
        ((0.1, 0.1, 0.1), 8),
        ((0.1, 0.2, 0), 24),
        ((0.1, 0.2, 0.3), 48),
    ],
)
def test_orbits_of_pm3m_have_the_sizes_of_the_international_tables(position, multiplicity):
    operations = symmetry_operations(hall_number(221, "Pm-3m"))
    positions, owner = expand(np.array([position]), *operations, 6 * np.eye(3))
    assert len(positions) == multiplicity
    assert (owner == 0).all()
    assert len(np.unique(np.round(positions, 6), axis=0)) == multiplicity


def test_rounded_thirds_become_exact():
    cell = np.array([[8, 0, 0], [-4, 4 * 3**0.5, 0], [0, 0, 6]])
    operations = symmetry_operations(hall_number(194, "P6_3/mmc"))
    positions, _ = expand(np.array([[0.333, 0.667, 0.75]]), *operations, cell)
    expected = [[1 / 3, 2 / 3, 0.75], [2 / 3, 1 / 3, 0.25]]
    np.testing.assert_allclose(sorted(positions.tolist()), expected, atol=1e-14)


def test_batches_give_the_same_as_single_sites(monkeypatch):
    rng = np.random.default_rng(0)
    sites = rng.random((7, 3))
    operations = symmetry_operations(hall_number(225, "Fm-3m"))
    whole = expand(sites, *operations, 11 * np.eye(3))
    monkeypatch.setattr("heterobuild.crystals.orbits._PAIRS_AT_ONCE", 1)
    single = expand(sites, *operations, 11 * np.eye(3))
    np.testing.assert_array_equal(whole[0], single[0])
    np.testing.assert_array_equal(whole[1], single[1])


def test_no_sites_give_no_positions():
    operations = symmetry_operations(1)
    positions, owner = expand(np.empty((0, 3)), *operations, np.eye(3))
    assert positions.shape == (0, 3)
    assert len(owner) == 0
