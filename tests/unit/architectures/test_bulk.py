import numpy as np
import pytest

from heterobuild.architectures.bulk import Bulk
from heterobuild.compounds import load_crystal
from heterobuild.errors import HeterobuildError
from heterobuild.model import WallProfile
from heterobuild.validation import check

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
RICH, TILTED = load_crystal("Cs4PbBr6"), load_crystal("CsPbBr3")


@pytest.mark.parametrize(
    ("crystals", "options", "words"),
    [
        ((RICH,), {}, r"two phases at least"),
        ((RICH, TILTED), {"volume_fractions": (0.3, 0.3)}, r"do not sum to one.*use 0.5, 0.5"),
        ((RICH, TILTED), {"precursor_ratio": 6.0}, r"no mixture.*between 1 and 4"),
        (
            (RICH, TILTED),
            {"morphology": "grains", "grain_size": 5.0},
            r"smaller than an octahedron, in grain_size; .*use grain_size: \d+",
        ),
        (
            (RICH, TILTED),
            {"morphology": "grains", "grains": 9000, "box": 60.0},
            r"smaller than an octahedron, in grains; .*for 9000 grains; .*use grains: 26,",
        ),
        ((IODIDE, BROMIDE), {"cell": "relaxed", "elastic": False}, r"relaxes with the elastic"),
        (
            (RICH, TILTED),
            {"correlation_length": 80.0, "box": 60.0},
            r"smaller than the correlation",
        ),
        ((IODIDE, BROMIDE), {"correlation_length": 80.0, "cells": 8}, r"smaller than the corr"),
        ((RICH, TILTED), {"morphology": "grains", "orientation": "[100]|[1"}, r"relation"),
        ((RICH, TILTED), {"wall": "coherent"}, r"no common network"),
        ((RICH, TILTED), {"profile": WallProfile(kind="erf", width=9.0)}, r"profile means nothing"),
        ((RICH, TILTED), {"elastic": True}, r"elastic estimate needs parts on one lattice"),
        ((IODIDE, BROMIDE), {"gap": 3.0}, r"gap means nothing here"),
        ((IODIDE, BROMIDE), {"grains": 4}, r"grains means nothing here"),
        ((IODIDE, BROMIDE), {"cells": 4, "box": 30.0}, r"both cells and box"),
        ((IODIDE, BROMIDE), {"cells": (4, 4)}, r"2 entries for three axes"),
        ((IODIDE, BROMIDE), {"morphology": "foam"}, r"unknown value 'foam', in morphology"),
        (
            (IODIDE, BROMIDE),
            {"morphology": "grains", "grains": 4, "grain_size": 30},
            r"both grains",
        ),
        ((IODIDE, BROMIDE), {"morphology": "grains", "spectrum": "spinodal"}, r"means nothing for"),
        (
            (IODIDE, BROMIDE),
            {"morphology": "grains", "cells": 6, "grains": 1},
            r"cannot be 2 phases",
        ),
        ((RICH, TILTED), {"box": "six"}, r"box"),
    ],
)
def test_refusals(crystals, options, words):
    with pytest.raises(HeterobuildError, match=words):
        Bulk(**options).build(*crystals)


@pytest.mark.parametrize("morphology", ["bicontinuous", "grains", "inclusions"])
@pytest.mark.parametrize("crystals", [(IODIDE, BROMIDE), (RICH, TILTED)])
def test_defaults_build_and_pass_their_checks(crystals, morphology):
    options = Bulk(morphology=morphology, elastic="auto" if crystals[0] is RICH else False)
    built = options.build(*crystals)
    assert not [f for f in check(built).findings if f.level == "error"]
    assert built.atoms.arrays["formal_charge"].sum() == 0
    fractions = built.steps[0].values["volume_fractions"]
    assert fractions == pytest.approx([0.5, 0.5], abs=0.01)
    estimate = options.estimate(*crystals).atoms
    if crystals[0] is IODIDE:
        assert len(built.atoms) == pytest.approx(estimate, rel=0.01)
    else:
        assert 0.45 * estimate < len(built.atoms) < 1.1 * estimate


def test_amounts_of_a_coherent_pair():
    built = Bulk(cells=10, molar_ratio=(1, 3), elastic=False).build(IODIDE, BROMIDE)
    lead = built.atoms.numbers == 82
    assert (built.atoms.arrays["region"][lead] == 1).sum() == 250


def test_names_and_three_phases():
    chloride = load_crystal("CsPbCl3:cubic")
    built = Bulk(cells=8, volume_fractions=(0.25, 0.5, 0.25), elastic=False).build(
        IODIDE, BROMIDE, chloride, names=("red", "green", "blue")
    )
    assert [part.name for part in built.regions] == ["red", "green", "blue"]
    lead = built.atoms.arrays["region"][built.atoms.numbers == 82]
    assert np.bincount(lead)[1:].tolist() == [128, 256, 128]
    assert set(built.atoms.numbers) == {55, 82, 17, 35, 53}


def test_cells_and_box():
    edge = Bulk(cells=6, elastic=False).build(IODIDE, BROMIDE).atoms.cell.lengths()[0] / 6
    found = Bulk(box="4 nm", elastic=False).build(IODIDE, BROMIDE).atoms.cell.lengths()
    assert found == pytest.approx([round(40 / edge) * edge] * 3)
    grains = Bulk(morphology="grains", box=(50.0, 60.0, 70.0), grains=3).build(RICH, TILTED)
    assert grains.atoms.cell.lengths().tolist() == [50.0, 60.0, 70.0]


def test_relaxed_cell_takes_the_mean_of_the_phases():
    """The springs let the cell follow: iodide and bromide, half each, on the mean lattice."""
    fixed, free = (
        Bulk(cells=6, correlation_length=9.0, elastic=True, cell=cell).build(IODIDE, BROMIDE)
        for cell in ("fixed", "relaxed")
    )
    assert free.atoms.cell.volume != fixed.atoms.cell.volume
    assert free.atoms.cell.volume == pytest.approx(fixed.atoms.cell.volume, rel=0.03)


def test_size_of_grains():
    built = Bulk(morphology="grains", box=100.0, grain_size=50.0, spread=0.15).build(RICH, TILTED)
    values = built.steps[0].values
    assert values["grains"] == round(100.0**3 / (np.pi / 6 * 50.0**3))
    assert values["spread_of_diameters"] == pytest.approx(0.15, abs=0.08)
