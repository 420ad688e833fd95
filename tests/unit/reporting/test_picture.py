"""The picture as a user asks for it: bytes, names of regions, clear refusals."""

from __future__ import annotations

import builtins

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.errors import MissingExtraError, OutputError, UsageError
from heterobuild.model import Heterostructure, Region
from heterobuild.reporting import draw
from heterobuild.reporting.palette import REGIONS, rgb


def pixels(path):
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")) / 255


def test_same_structure_gives_the_same_bytes(slab, tmp_path):
    for name in ("one.png", "two.png"):
        draw(slab, tmp_path / name, width=300)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_regions_are_underlined_in_their_order(slab, tmp_path):
    picture = pixels(draw(slab, tmp_path / "p.png", width=600))
    middles = []
    for colour in REGIONS[:2]:
        close = np.abs(picture - rgb(colour)).max(axis=-1) < 0.03
        row = np.argmax(close.sum(axis=1))
        middles.append(np.flatnonzero(close[row]).mean())
    assert middles[0] < middles[1]


def test_structure_and_its_atoms_give_the_same_picture(slab, tmp_path):
    names = {1: "CsPbBr3_cubic", 2: "MAPbCl3_cubic"}
    regions = tuple(
        Region(
            code=code, name="", crystal=name, formula="", cell=np.eye(3), strain=np.zeros((3, 3))
        )
        for code, name in names.items()
    )
    draw(Heterostructure(name="x", atoms=slab, regions=regions), tmp_path / "one.png", width=300)
    slab.info["crystals"] = {str(code): name for code, name in names.items()}
    draw(slab, tmp_path / "two.png", width=300)
    draw(slab[:], tmp_path / "three.svg", width=300)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert b"Date" not in (tmp_path / "three.svg").read_bytes()


def test_unlabelled_atoms_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"lack labels.*region"):
        draw(Atoms("Pb", cell=[5, 5, 5], pbc=True), tmp_path / "p.png")


def test_unknown_format_is_refused(slab, tmp_path):
    with pytest.raises(UsageError, match=r"\.jpeg.*allowed \.png"):
        draw(slab, tmp_path / "p.jpeg")


def test_unknown_direction_is_refused(slab, tmp_path):
    with pytest.raises(UsageError, match="along a or b; found 'c'"):
        draw(slab, tmp_path / "p.png", along="c")
    with pytest.raises(UsageError, match="along x or y or z; found 'a'"):
        draw(slab, tmp_path / "p.png", view="cut", along="a")


def test_unknown_view_and_depth_are_refused(slab, tmp_path):
    with pytest.raises(UsageError, match=r"view is not known; found 'top'.*auto, side, cut"):
        draw(slab, tmp_path / "p.png", view="top")
    with pytest.raises(UsageError, match=r"in depth; found -1 Å"):
        draw(slab, tmp_path / "p.png", view="cut", depth=-1.0)


def test_cut_beside_the_atoms_is_refused(slab, tmp_path):
    with pytest.raises(UsageError, match=r"no atom is in the cut.*z = 99\.0 Å.*0\.0 to 21\.0 Å"):
        draw(slab, tmp_path / "p.png", view="cut", through=(0.0, 0.0, 99.0))


def test_stack_is_seen_from_the_side_and_a_dot_in_a_cut(slab, tmp_path):
    def same(atoms, **options):
        one = draw(atoms, tmp_path / "one.png", width=200).read_bytes()
        return one == draw(atoms, tmp_path / "two.png", width=200, **options).read_bytes()

    assert same(slab, view="side")
    beside = slab.copy()
    beside.arrays["region"] = np.tile(np.repeat([1, 2], 5), 2)
    assert same(beside, view="side")
    wide = labels.repeat(
        slab, np.array([[0, 0, 0], [6.0, 0, 0]]), slab.cell.array * [[2], [1], [1]]
    )
    wide.arrays["region"] = np.repeat([1, 2], 20)
    assert same(wide, view="cut")
    slab.pbc = False
    assert same(slab, view="cut", along="z")
    assert not same(slab, view="cut", along="y")


def test_missing_folder_is_said(slab, tmp_path):
    with pytest.raises(OutputError, match="No such file"):
        draw(slab, tmp_path / "none" / "p.png", width=200)


def test_missing_matplotlib_is_said_with_the_install_line(slab, tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'heterobuild\[plot\]'"):
        draw(slab, tmp_path / "p.png")
