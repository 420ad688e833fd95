import numpy as np
import pytest

from heterobuild.assembly.contact import bring_together
from heterobuild.assembly.filling import Frame
from heterobuild.assembly.tilt_continuation import continued, tilt_ions
from heterobuild.errors import UsageError
from heterobuild.labels import SITE, Site

TILTED = "CsPbBr3_orthorhombic"


@pytest.fixture
def pair(bring):
    def of(film):
        ours, theirs, cell = bring((film, "001pc", None), (TILTED, "001pc", None), layers=2)
        frame = Frame(cell=cell, repeats=(1, 1), seed=0)
        return ours, theirs, frame, bring_together(theirs, ours, frame)

    return of


def test_halides_are_counted_in_octahedra_from_the_wall(pair):
    ours, _, _, _ = pair("CsPbBr3_cubic")
    ions = tilt_ions(ours)
    from_below, from_above = ions.octahedra(1), ions.octahedra(-1)
    assert sorted(set(from_below.tolist())) == [0.5, 1.0, 1.5, 2.0]
    assert np.allclose(from_below + from_above, 3.0)
    halides = from_below[ions.kind == Site.X]
    whole = np.isclose(halides % 1, 0)
    assert whole.sum() == 2 * (~whole).sum()


def test_every_halide_and_single_cation_is_found(pair):
    ours, _, _, _ = pair(TILTED)
    ions = tilt_ions(ours)
    sites = ours.atoms.arrays[SITE]
    assert len(ions.index) == (sites != Site.B).sum()
    assert np.allclose(ions.ideal + ions.displacement, ours.atoms.positions[ions.index])


def test_a_crystal_continued_into_itself_is_itself(pair):
    """Of two layers on two layers, a whole number of repeats, nothing changes."""
    ours, theirs, frame, contact = pair(TILTED)
    ions = tilt_ions(ours)
    found = continued(
        theirs, frame, ions, near=np.arange(len(ions.index)), shift=contact.shift, sign=1
    )
    assert found.found.all()
    assert np.abs(found.offset).max() < 1e-6
    assert np.abs(found.displacement - ions.displacement).max() < 1e-6


def test_below_the_wall_it_goes_on_downward(pair):
    ours, theirs, frame, contact = pair(TILTED)
    ions = tilt_ions(theirs)
    found = continued(
        ours, frame, ions, near=np.arange(len(ions.index)), shift=-contact.shift, sign=-1
    )
    assert np.abs(found.displacement - ions.displacement).max() < 1e-6


def test_displacements_are_scaled_with_the_bonds(pair):
    ours, theirs, frame, contact = pair("CsPbCl3_cubic")
    ions = tilt_ions(ours)
    halides = np.flatnonzero(ions.kind == Site.X)
    found = continued(theirs, frame, ions, near=halides, shift=contact.shift, sign=1)
    sizes = np.linalg.norm(found.displacement, axis=1) / ions.span[halides]
    own = tilt_ions(theirs)
    wanted = (np.linalg.norm(own.displacement, axis=1) / np.maximum(own.span, 1))[
        own.kind == Site.X
    ]
    assert np.sort(sizes) == pytest.approx(np.sort(wanted), rel=0.02)


def test_lattices_that_do_not_meet_are_refused(pair):
    ours, theirs, frame, contact = pair("CsPbBr3_cubic")
    ions = tilt_ions(ours)
    halides = np.flatnonzero(ions.kind == Site.X)
    beside = contact.shift + 0.25 * frame.cell.sum(axis=0)
    with pytest.raises(UsageError, match="do not lie over those across the wall"):
        continued(theirs, frame, ions, near=halides, shift=beside, sign=1)
