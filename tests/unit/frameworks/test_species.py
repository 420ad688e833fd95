"""Who a crystal wants on the sites of a framework."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.scaling import stretched
from heterobuild.frameworks.species import wanted_shares
from heterobuild.labels import Site


def named(shares, row, unit):
    found = {}
    for k, share in enumerate(shares.shares[row, unit].tolist()):
        if share:
            name = shares.species[k].name
            found[name] = found.get(name, 0) + share
    return found


def by_role(framework, shares, row):
    return {
        Site(int(role)).name: named(shares, row, int(np.flatnonzero(framework.site == role)[0]))
        for role in np.unique(framework.site)
    }


def test_each_crystal_wants_its_own_ions():
    host = load_crystal("CsPbBr3_orthorhombic")
    framework = framework_of(host)
    shares = wanted_shares(
        framework, (host, load_crystal("CsPbI3_gamma"), load_crystal("MAPbCl3_cubic"))
    )
    assert shares.shares.sum(axis=2) == pytest.approx(1.0)
    assert by_role(framework, shares, 0) == {"A": {"Cs": 1}, "B": {"Pb": 1}, "X": {"Br": 1}}
    assert by_role(framework, shares, 1) == {"A": {"Cs": 1}, "B": {"Pb": 1}, "X": {"I": 1}}
    assert by_role(framework, shares, 2) == {"A": {"MA": 1}, "B": {"Pb": 1}, "X": {"Cl": 1}}
    charges = dict(zip([s.name for s in shares.species], shares.charges.tolist(), strict=True))
    assert charges == {"Cs": 1, "Pb": 2, "Br": -1, "I": -1, "MA": 1, "Cl": -1}


def test_mixed_sites_keep_their_shares():
    alloy = load_crystal("FA0.85Cs0.15Pb(I0.8Br0.2)3")
    shares = wanted_shares(framework_of(alloy), (alloy,))
    assert by_role(framework_of(alloy), shares, 0) == {
        "A": {"FA": 0.85, "Cs": 0.15},
        "B": {"Pb": 1},
        "X": {"I": 0.8, "Br": 0.2},
    }
    host = load_crystal("CsPbBr3_cubic")
    other = wanted_shares(framework_of(host), (host, alloy))
    assert by_role(framework_of(host), other, 1)["A"] == pytest.approx({"FA": 0.85, "Cs": 0.15})


def test_measured_orientations_stay_and_free_ones_are_marked():
    ordered = load_crystal("RMBA2PbI4")
    assert not ordered.placed
    shares = wanted_shares(framework_of(ordered), (ordered,))
    spacers = [s for s in shares.species if s.name == "R-MBA"]
    assert len(spacers) == (framework_of(ordered).site == Site.SPACER).sum()
    assert not any(s.free for s in spacers)
    disordered = load_crystal("MAPbI3_cubic")
    shares = wanted_shares(framework_of(disordered), (disordered,))
    assert [s.free for s in shares.species if s.name == "MA"] == [True]


def test_a_stretched_host_is_still_itself():
    crystal = load_crystal("RMBA2PbI4")
    longer = stretched(crystal, 1.02)
    framework = framework_of(longer)
    shares = wanted_shares(framework, (crystal,))
    assert len([s for s in shares.species if s.name == "R-MBA"]) == 8
    unstretched = wanted_shares(framework_of(crystal), (crystal,))
    for entry, own in zip(shares.species, unstretched.species, strict=True):
        assert np.allclose(entry.positions, own.positions)
        assert entry.name == own.name


def test_positions_are_relative_to_the_heavy_atoms():
    crystal = load_crystal("MAPbI3_tetragonal")
    shares = wanted_shares(framework_of(crystal), (crystal,))
    for entry in shares.species:
        heavy = entry.positions[entry.numbers > 1]
        assert heavy.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)


@pytest.mark.parametrize("other", ["Cs2AgBiBr6_cubic", "Cs2PbI2Cl2", "PbI2"])
def test_crystals_that_cannot_continue_the_network_are_refused(other):
    host = load_crystal("CsPbBr3_cubic")
    with pytest.raises(UsageError, match="cannot continue the network") as caught:
        wanted_shares(framework_of(host), (host, load_crystal(other)))
    assert "incoherent" in caught.value.next_step


def test_molecules_of_the_users_own_need_no_library():
    crystal = load_crystal("MAPbI3_cubic")
    body = replace(crystal.molecules[0], name="my cation")
    own = replace(crystal, name="mine", molecules=(body,), placed=("my cation",))
    host = load_crystal("CsPbBr3_cubic")
    shares = wanted_shares(framework_of(host), (host, own))
    assert by_role(framework_of(host), shares, 1)["A"] == {"my cation": 1}
    entry = next(s for s in shares.species if s.name == "my cation")
    assert np.array_equal(entry.positions, body.positions)
    assert entry.free


def test_crystals_of_one_name_are_not_confused():
    bromide = replace(load_crystal("CsPbBr3_cubic"), name="mine")
    iodide = replace(load_crystal("CsPbI3_alpha"), name="mine")
    framework = framework_of(bromide)
    shares = wanted_shares(framework, (bromide, iodide))
    assert by_role(framework, shares, 0)["X"] == {"Br": 1}
    assert by_role(framework, shares, 1)["X"] == {"I": 1}


def test_the_same_spacer_keeps_the_pose_of_the_framework():
    host, other = load_crystal("BA2PbBr4"), load_crystal("BA2PbI4")
    framework = framework_of(host)
    shares = wanted_shares(framework, (host, other))
    spacers = framework.site == Site.SPACER
    assert np.array_equal(shares.shares[0, spacers], shares.shares[1, spacers])
    assert not any(s.free for s in shares.species if s.molecule is not None)
    assert by_role(framework, shares, 1)["X"] == {"I": 1}


def test_another_spacer_is_free_to_turn():
    host, other = load_crystal("BA2PbBr4"), load_crystal("PEA2PbI4")
    framework = framework_of(host)
    shares = wanted_shares(framework, (host, other))
    assert by_role(framework, shares, 1)["SPACER"] == {"PEA": 1}
    assert next(s for s in shares.species if s.name == "PEA").free
