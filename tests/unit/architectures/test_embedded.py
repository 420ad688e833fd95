import numpy as np
import pytest

from heterobuild.architectures.embedded import DotSizes, Embedded
from heterobuild.compounds import load_crystal
from heterobuild.errors import HeterobuildError, NothingFitsError, UsageError
from heterobuild.model import WallProfile
from heterobuild.particles.options import ParticleShape

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
BALL = ParticleShape(kind="sphere", radius=9.0)


def build(dot=IODIDE, matrix=BROMIDE, seed=0, **options):
    options = {"shape": BALL, "cells": 6, "elastic": False} | options
    return Embedded(**options).build(dot, matrix, seed=seed)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cells": (6, 6)}, r"2 entries for three axes, in cells"),
        ({"cells": None, "box": (30.0, 30.0)}, r"2 entries for three axes, in box"),
        ({"cells": 0}, r"at least one cell.*cells; found 0"),
        ({"cells": 6, "box": 30.0}, r"both cells and box.*one of the two"),
        ({"cells": None, "box": -30.0}, r"out of range.*box; found -30"),
        ({"cells": 3}, r"larger than its matrix.*periodic image.*at least 6 Å.*raise cells or box"),
        ({"cells": 4}, r"larger than its matrix.*found 5\.50 Å from wall to wall"),
        ({"cells": (8, 8, 2), "periodic": "slab"}, r"larger than its matrix.*along c.*18.00 Å"),
        ({"count": 0}, r"at least 1; found 0"),
        ({"volume_fraction": 1.0}, r"between 0 and 1.*volume_fraction; found 1"),
        ({"shape": ParticleShape(kind="wire", octahedra=3)}, r"end in all directions.*wire"),
        ({"shared_plane": "core"}, r"unknown value 'core', in shared_plane; allowed dot, matrix"),
        ({"profile": WallProfile(kind="erf")}, r"needs a positive width"),
        ({"cells": 10**11}, r"at least one cell.*found 1000.*allowed 1 to 20000"),
        ({"cell": "relaxed"}, r"elastic estimate only, in cell.*with elastic: false"),
        ({"gap": 3.0}, r"gap means nothing.*share one lattice.*walls that are incoherent"),
        ({"orientation": "random"}, r"orientation means nothing.*share one lattice"),
        ({"termination": "BX2"}, r"termination means nothing.*found BX2"),
        ({"neutrality": "add-X"}, r"neutrality means nothing.*share one lattice.*leave neutrality"),
        ({"ligand_reach": 6.0}, r"ligand_reach means nothing without ligands.*found 6 Å"),
        ({"separation": -3.0}, r"not negative, in separation; found -3"),
        ({"gap": -3.0}, r"not negative, in gap; found -3 Å"),
        ({"dots": "d.csv", "count": 3}, r"both dots and count.*one of the two"),
        ({"dots": "d.csv", "volume_fraction": 0.1}, r"both dots and volume_fraction"),
        ({"count": 200, "cells": 8}, r"200 dots cannot be placed.*more volume.*found.* 5\.8"),
        ({"dots": "no such file.csv"}, r"cannot read the table.*no such file"),
    ],
)
def test_refusals(options, words):
    with pytest.raises(HeterobuildError, match=words):
        build(**options)


def test_crystals_without_a_common_network():
    with pytest.raises(UsageError, match=r"no common network.*wall.*Cs4PbBr6.*incoherent"):
        build(IODIDE, load_crystal("Cs4PbBr6"), wall="coherent")


@pytest.mark.parametrize("options", [{"count": 12}, {"volume_fraction": 0.5}])
def test_dots_that_find_no_place(options):
    with pytest.raises(NothingFitsError, match=r"cannot be placed 6 Å apart.*fraction of 0\.\d+"):
        build(cells=8, **options)


def test_ions_of_unlike_charge_need_neutrality():
    with pytest.raises(UsageError, match=r"charge is -7 e.*matrix; found -7 e left"):
        build(BROMIDE, load_crystal("Cs2AgBiBr6"), cells=8)


def test_same_seed_same_bytes():
    options = {"cells": 10, "count": 2, "sizes": DotSizes(distribution="log-normal")}
    mixed = load_crystal("CsPbI2Br:cubic")
    first, again, other = (build(mixed, seed=s, **options).atoms for s in (4, 4, 5))
    for name in first.arrays:
        assert first.arrays[name].tobytes() == again.arrays[name].tobytes()
    assert (
        first.numbers.tobytes() != other.numbers.tobytes()
        or first.positions.tobytes() != other.positions.tobytes()
    )


def test_box_takes_the_nearest_number_of_cells():
    edge = BROMIDE.cell[0, 0]
    assert build(cells=None, box="3.5 nm").atoms.cell.lengths() == pytest.approx([6 * edge] * 3)
    found = build(cells=None, box=(36.0, 41.0, 46.0)).atoms.cell.lengths()
    assert found == pytest.approx(np.array([6, 7, 8]) * edge)


def test_matrix_around_a_dot_where_no_size_is_given():
    """At least 18 Å on each side, in whole cells."""
    edge = BROMIDE.cell[0, 0]
    found = build(cells=None, shape=ParticleShape(octahedra=1)).atoms.cell.lengths()
    assert found / edge == pytest.approx(np.round(found / edge))
    assert (found - edge >= 36.0).all()
    assert (found - edge < 36.0 + 2 * edge).all()


def test_equal_dots_have_no_spread():
    assert DotSizes(distribution="normal", spread=0.2).spread == 0.2
    with pytest.raises(UsageError, match=r"one size have no spread, in spread; found 0.2"):
        DotSizes(spread=0.2)


@pytest.mark.parametrize(
    "options",
    [{"profile": WallProfile(kind="erf", width=5.0)}, {"shared_plane": "dot"}, {"cell": "relaxed"}],
)
def test_what_a_common_lattice_needs_is_refused_without_one(options):
    (name,) = options
    with pytest.raises(UsageError, match=f"{name} means nothing.*lattices of their own"):
        build(BROMIDE, load_crystal("Cs4PbBr6"), elastic="auto", **options)
