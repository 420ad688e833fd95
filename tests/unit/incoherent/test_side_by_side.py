"""Grains side by side: line, gap, order, molecules."""

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.incoherent.side_by_side import SideBySide, side_by_side
from heterobuild.incoherent.touching import clashes, kinds_of, surface_of_atoms
from heterobuild.labels import CHARGE, LAYER, REGION, SITE, Site
from heterobuild.validation import check

PAIR = load_crystal("Cs4PbI6"), load_crystal("CsPbI3:cubic")


def build(crystals=PAIR, **options):
    chosen = {
        "owners": (0, 1),
        "widths": (20.0, 18.0),
        "heights": (25.0, 12.0),
        "orientations": ("",) * len(crystals),
        "max_strain": 0.05,
        "max_length": 60.0,
        "match": 0,
        "strain": "shared",
        "periodic": True,
        "gap": "auto",
        "neutrality": "auto",
        "cations": "random",
        "vacuum": 15.0,
    }
    return side_by_side(
        crystals, SideBySide(**chosen | options), names=("left", "right"), name="x", seed=0
    )


def by_images(built, region):
    """Return the atoms of a region with their images in the plane."""
    own = built.atoms[built.atoms.arrays[REGION] == region]
    cell = np.asarray(built.atoms.cell)
    shifts = [i * cell[0] + j * cell[1] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    many = own.copy()
    for _ in shifts[1:]:
        many = many + own
    many.positions = np.concatenate([own.positions + shift for shift in shifts])
    return many


def nearest_allowed(built, scale):
    """Tell whether all ions of different parts are apart, with allowed distances times a scale."""
    right = built.atoms[built.atoms.arrays[REGION] == 2]
    kinds, code = kinds_of(right)
    squeezed = by_images(built, 1)
    squeezed.positions /= scale
    return not clashes(
        surface_of_atoms(squeezed), right.positions / scale, kinds, code, gap=0.0
    ).any()


def test_ions_touch_and_do_not_overlap():
    built = build()
    assert nearest_allowed(built, 0.9999)
    assert not nearest_allowed(built, 1.02)


def test_the_line_is_a_common_length():
    built = build()
    line = next(step.values for step in built.steps if step.name == "line")
    assert line["length_A"] == pytest.approx(built.atoms.cell[0, 0])
    own = (PAIR[0].cell[0, 0], PAIR[1].cell[0, 0])
    for name, length, region in zip(("left", "right"), own, built.regions, strict=True):
        strained = line["repeats"][name] * length * (1 + line["strain"][name])
        assert strained == pytest.approx(line["length_A"], abs=1e-4)
        assert region.strain[0, 0] == pytest.approx(line["strain"][name])


def test_grains_stand_on_one_level_and_one_is_higher():
    atoms = build().atoms
    halides = atoms.arrays[SITE] == Site.X
    z = [atoms.positions[halides & (atoms.arrays[REGION] == k), 2] for k in (1, 2)]
    assert z[0].min() == pytest.approx(z[1].min(), abs=1e-6)
    assert z[0].max() > z[1].max() + 6


def test_neutral_labelled_and_judged():
    built = build()
    for region in (1, 2):
        own = built.atoms.arrays[REGION] == region
        assert built.atoms.arrays[CHARGE][own].sum() == pytest.approx(0)
        assert set(np.sign(built.atoms.arrays[LAYER][own])) == {-1, 1}
    assert not [f.message for f in check(built).findings if f.level == "error"]


def test_three_grains_with_free_ends():
    built = build(owners=(0, 1, 0), widths=(20.0, 18.0, 20.0), periodic=False)
    assert built.atoms.pbc.tolist() == [True, False, False]
    atoms = built.atoms
    y = atoms.positions[:, 1]
    middle = y[atoms.arrays[REGION] == 2]
    outer = y[atoms.arrays[REGION] == 1]
    assert outer.min() < middle.min()
    assert outer.max() > middle.max()
    assert len([step for step in built.steps if step.name == "wall"]) == 2


def test_a_given_gap_is_kept():
    close, far = build(), build(gap=6.0)
    assert far.atoms.cell[1, 1] > close.atoms.cell[1, 1] + 2
    left = by_images(far, 1).positions
    right = far.atoms.positions[far.atoms.arrays[REGION] == 2]
    nearest = np.min([np.linalg.norm(left - point, axis=1).min() for point in right])
    assert nearest == pytest.approx(6.0, abs=0.05)
