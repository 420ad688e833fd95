"""The picture as a user asks for it: bytes, names of regions, clear refusals."""

from __future__ import annotations

import builtins

import numpy as np
import pytest
from ase import Atoms

from heterobuild.errors import MissingExtraError, OutputError, UsageError
from heterobuild.model import Heterostructure, Region
from heterobuild.reporting import draw
from heterobuild.reporting.palette import REGIONS, rgb
from heterobuild.reporting.picture import render
from heterobuild.reporting.scene import make_scene


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


def test_scale_is_true(slab):
    scene = make_scene(slab, along="b", height=6.0, depth=6.0, turn=0.0)
    painted = render(scene, np.array([-2.0, -5.0]), np.array([38.0, 10.0]), scale=5.0)
    assert painted.shape == (75, 200, 3)
    columns = np.flatnonzero(np.any(painted < 0.98, axis=(0, 2)))
    right = (columns[-1] + 1) / 5.0 - 2.0
    # the highest plane, at 21 Å, holds Cs, the largest sphere: 0.36 × 2.44 Å
    assert right == pytest.approx(21.0 + 0.36 * 2.44, abs=0.25)


def test_unlabelled_atoms_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"lack labels.*region"):
        draw(Atoms("Pb", cell=[5, 5, 5], pbc=True), tmp_path / "p.png")


def test_unknown_format_is_refused(slab, tmp_path):
    with pytest.raises(UsageError, match=r"\.jpeg.*allowed \.png"):
        draw(slab, tmp_path / "p.jpeg")


def test_unknown_direction_is_refused(slab, tmp_path):
    with pytest.raises(UsageError, match="along a or b; found 'c'"):
        draw(slab, tmp_path / "p.png", along="c")


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
