"""Neutral side faces: spacers count at their ammonium groups."""

import numpy as np
import pytest

from heterobuild.architectures.lateral import Lateral
from heterobuild.coherent.junctions_balance import charge_centres
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.framework import framework_of
from heterobuild.labels import CHARGE, Site

BA = load_crystal("BA2PbI4")


def test_the_charge_of_a_spacer_is_on_its_nitrogen():
    framework = framework_of(BA)
    centres = charge_centres(framework)
    for unit in np.flatnonzero(framework.site == Site.SPACER):
        own = framework.unit == unit
        nitrogen = BA.atoms.positions[own & (BA.atoms.numbers == 7)][0]
        assert np.linalg.norm(centres[unit] - nitrogen) < 1.1
        assert np.linalg.norm(framework.centres[unit] - nitrogen) > 1.5
    rest = framework.site != Site.SPACER
    assert np.array_equal(centres[rest], framework.centres[rest])


def test_a_standing_grain_has_hardly_a_dipole_by_its_atoms():
    perovskite = load_crystal("CsPbI3:cubic")
    built = Lateral(
        orientations=("[100] (010)", ""), widths=(28.0, 12.0), layers=(3,), max_strain=0.05
    ).build(BA, perovskite)
    atoms = built.atoms
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0)
    own = atoms.arrays["region"] == 1
    moment = atoms.arrays[CHARGE][own] @ atoms.positions[own, 2]
    assert abs(moment) < 0.1 * np.count_nonzero(atoms.arrays["site"][own] == Site.B)
