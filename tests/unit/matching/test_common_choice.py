from __future__ import annotations

import re

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import NothingFitsError
from heterobuild.matching import MatchLimits
from heterobuild.matching.common_choice import choose_common_cell
from heterobuild.model import Slab
from heterobuild.slabs import cut_slab


def slab(name: str, face: str = "001", layers: int = 1) -> Slab:
    return cut_slab(load_crystal(name), face, layers=layers)


BASE = ("base", slab("CsPbBr3_cubic"))


def test_slabs_of_one_crystal_lie_alike() -> None:
    layers = {
        "thin": slab("CsPbCl3_cubic"),
        "thick": slab("CsPbCl3_cubic", layers=3),
        "again": slab("CsPbBr3_cubic", layers=2),
    }
    cell, cells = choose_common_cell(layers, BASE, MatchLimits(max_area=100))
    thin, thick, again = cell.matches
    assert thin is thick
    assert np.array_equal(again.deformation, np.eye(2))
    assert cell.films[2].tolist() == cell.reference.tolist()
    assert all(len(one.matches) == 1 for one in cells)


def test_the_part_that_does_not_fit_is_named() -> None:
    layers = {"chloride": slab("CsPbCl3_cubic"), "iodide": slab("CsPbI3_alpha")}
    with pytest.raises(NothingFitsError, match=r"iodide on base: strain 6\.83 %") as caught:
        choose_common_cell(layers, BASE, MatchLimits(max_strain=0.05, max_area=60))
    assert "set max_strain: 0.0684" in str(caught.value)


def test_parts_that_fit_alone_but_not_together() -> None:
    layers = {"graphene": slab("graphene"), "sapphire": slab("sapphire")}
    limits = MatchLimits(max_strain=0.03, max_area=320)
    with pytest.raises(NothingFitsError, match="every part fits on base") as caught:
        choose_common_cell(layers, BASE, limits)
    assert re.search(r"without graphene \d+\.\d Å² would do", str(caught.value))
    assert re.search(r"without sapphire \d+\.\d Å² would do", str(caught.value))
    area = float(re.search(r"set max_area: (\d+)", str(caught.value))[1])  # type: ignore[index]
    told = float(re.search(r"together from ([\d.]+)", str(caught.value))[1])  # type: ignore[index]
    assert area == np.ceil(told)
    cell, _ = choose_common_cell(layers, BASE, MatchLimits(max_strain=0.03, max_area=area))
    assert cell.area <= area


def test_a_rank_too_high_names_the_ranks() -> None:
    limits = MatchLimits(max_area=40)
    with pytest.raises(NothingFitsError, match="ranks 0 to 0"):
        choose_common_cell({"top": slab("CsPbCl3_cubic")}, BASE, limits, rank=1)


def test_atoms_of_all_slabs_count() -> None:
    layers = {"top": slab("CsPbCl3_cubic")}
    limits = MatchLimits(max_area=40, max_atoms=10)
    cell, _ = choose_common_cell(layers, BASE, limits)
    assert cell.area == pytest.approx(5.874**2, rel=1e-4)
    with pytest.raises(NothingFitsError):
        choose_common_cell({**layers, "again": slab("CsPbCl3_cubic")}, BASE, limits)
