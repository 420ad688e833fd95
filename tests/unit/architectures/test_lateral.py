"""Parts side by side, from options to models."""

import numpy as np
import pytest

from heterobuild.architectures.lateral import Lateral
from heterobuild.compounds import load_crystal
from heterobuild.errors import HeterobuildError, NothingFitsError, UsageError
from heterobuild.labels import CHARGE, REGION
from heterobuild.model import WallProfile
from heterobuild.validation import check

PEROVSKITES = ("CsPbI3:cubic", "CsPbBr3:cubic")
SHEETS = ("BA2PbI4", "BA2PbBr4")
GRAINS = ("Cs4PbI6", "FA0.83Cs0.17PbI3:cubic")


def build(parts, **options):
    return Lateral(**options).build(*map(load_crystal, parts))


@pytest.mark.parametrize(
    ("parts", "options"),
    [
        (PEROVSKITES, {"octahedra": (3, 4), "strain": "stiffness"}),
        (PEROVSKITES, {"octahedra": (3, 3), "line": "[110]pc"}),
        (PEROVSKITES, {"octahedra": (2, 2), "times": 2, "layers": (2,)}),
        (PEROVSKITES, {"octahedra": (3, 2, 3), "periodic": "line", "layers": (2,)}),
        (PEROVSKITES, {"pattern": "core_crown", "octahedra": (2, 1), "periodic": "none"}),
        (PEROVSKITES, {"octahedra": (3, 3), "shared_plane": "mixed"}),
        (("CsPbI3:gamma", "CsPbBr3:orthorhombic"), {"octahedra": (4, 4)}),
        (("MAPbI3", "MAPbBr3"), {"widths": ("2.5 nm", "2.4 nm"), "layers": (2,)}),
        (SHEETS, {}),
        (SHEETS, {"pattern": "core_crown", "octahedra": (2, 2), "across": 4}),
        (SHEETS, {"pattern": "core_crown", "octahedra": (2, 1), "periodic": "none"}),
        (("BA2MAPb2I7", "BA2FAPb2I7"), {"octahedra": (2, 2)}),
        (GRAINS, {"widths": (18.0, 19.0), "layers": (2, 2)}),
        (
            ("BA2PbI4", "FA0.83Cs0.17PbI3:cubic"),
            {"orientations": ("[100] (010)", ""), "widths": (28.0, 13.0), "layers": (2,)},
        ),
    ],
)
def test_examples_pass_their_checks(parts, options):
    built = build(parts, **options)
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0)
    assert not [f.message for f in check(built).findings if f.level == "error"]
    lateral = Lateral(**options)
    told = lateral.estimate(*map(load_crystal, parts)).atoms
    assert 0.4 < told / len(built.atoms) < 2.5


@pytest.mark.parametrize(
    ("parts", "options", "words"),
    [
        (PEROVSKITES, {"octahedra": (0, 3)}, r"\[1, 3\]"),
        (PEROVSKITES, {"widths": (2.0, 30.0)}, "one octahedron wide"),
        (SHEETS, {"pattern": "core_crown", "octahedra": (4, 0)}, r"\[4, 1\]"),
        (("BA2PbI4", "BA2MAPb2I7"), {}, "different layers in a sheet"),
        (SHEETS, {"octahedra": (3, 4)}, r"octahedra: \[3, 5\]"),
        (PEROVSKITES, {"layers": (2, 3)}, "one height"),
        (PEROVSKITES, {"line": "[101]pc"}, "in the plane of the film"),
        (PEROVSKITES, {"gap": 3.0}, "gap means nothing here"),
        (GRAINS, {"pattern": "core_crown"}, "pattern means nothing here"),
        (GRAINS, {"elastic": True}, "one lattice"),
        (GRAINS, {"orientations": ("[001] (001)", "")}, "does not lie in the plane"),
        (("CsPbI3:cubic",), {}, "two parts"),
        (PEROVSKITES, {"octahedra": (3, 3), "widths": (20.0, 20.0)}, "both octahedra and widths"),
        (PEROVSKITES, {"octahedra": (3, 3, 3), "times": 2}, "take turns"),
        (PEROVSKITES, {"strain": 1.5}, "out of range"),
        (PEROVSKITES, {"strain": "film"}, "unknown value"),
        (PEROVSKITES, {"across": 3}, "across means nothing for this pattern"),
        (PEROVSKITES, {"pattern": "core_crown", "length": 2}, "length means nothing"),
        (PEROVSKITES, {"pattern": "core_crown", "times": 2}, "times means nothing"),
        (GRAINS, {"periodic": "none"}, "repeat along the junction"),
        (GRAINS, {"gap": 5000.0}, "0 to 100"),
        (GRAINS, {"match": 7}, "match: 1"),
        (GRAINS, {"heights": (1.0, 20.0)}, "in heights"),
    ],
)
def test_bad_input(parts, options, words):
    with pytest.raises(HeterobuildError, match=words) as caught:
        build(parts, **options)
    assert caught.value.next_step
    assert "\n" not in str(caught.value)


def test_no_common_direction():
    with pytest.raises(NothingFitsError) as caught:
        build(GRAINS, max_strain=0.001)
    assert "nearest are 4 : 9" in caught.value.next_step


def test_a_profile_wider_than_a_part():
    with pytest.raises(UsageError):
        build(PEROVSKITES, octahedra=(2, 2), profile=WallProfile(kind="linear", width=60.0))


def test_stripes_and_their_mirror_hold_the_same_ions():
    one, other = build(PEROVSKITES, octahedra=(3, 4)), build(PEROVSKITES[::-1], octahedra=(4, 3))
    swapped = build(PEROVSKITES[::-1], octahedra=(4, 3), shared_plane="later")
    assert one.atoms.get_chemical_formula() == swapped.atoms.get_chemical_formula()
    assert one.atoms.get_chemical_formula() != other.atoms.get_chemical_formula()


def test_same_seed_same_bytes():
    one, other = (build(GRAINS, widths=(18.0, 19.0), layers=(2, 2)) for _ in range(2))
    assert np.array_equal(one.atoms.positions, other.atoms.positions)


def test_layers_of_flat_sheets_are_sheets():
    pair = ("BA2MAPb2I7", "CsPbI3:cubic")
    built = [build(pair, wall="incoherent", layers=(n, 2), widths=(13.0, 12.6)) for n in (1, 2)]
    sheets = [b.atoms[b.atoms.arrays[REGION] == 1] for b in built]
    count = [int((s.numbers == 82).sum()) for s in sheets]
    assert count[1] == 2 * count[0]
    high = [float(np.ptp(s.positions[s.numbers == 82, 2])) for s in sheets]
    assert high[1] - high[0] == pytest.approx(39.347 / 2, abs=0.01)


def test_the_line_closes_on_whichever_part_lends_its_lattice():
    built = build(("CsPbI3:cubic", "MAPbI3:tetragonal"), octahedra=(1, 5), layers=(1,))
    assert int((built.atoms.numbers == 82).sum()) == 12
