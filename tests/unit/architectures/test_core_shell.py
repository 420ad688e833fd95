import pytest

from heterobuild.architectures.core_shell import CoreShell
from heterobuild.compounds import load_crystal
from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.model import WallProfile
from heterobuild.particles.options import ParticleShape

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")


def build(*crystals, seed=0, names=(), **options):
    options = {"shape": ParticleShape(octahedra=3), "elastic": False} | options
    return CoreShell(**options).build(*(crystals or (IODIDE, BROMIDE)), seed=seed, names=names)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"offset": (9.0, 0.0, 0.0)}, r"core is larger than shell.*9 of 27 octahedra outside"),
        ({"offset": (9.0, 0.0)}, r"2 entries for three axes, in offset"),
        ({"layers": (1, 1)}, r"2 entries for 1 shells, in layers.*give 1"),
        ({"thickness": (6.0, 6.0)}, r"2 entries for 1 shells, in thickness"),
        ({"outer": ("cube", "cube")}, r"2 entries for 1 shells, in outer"),
        ({"layers": (1,), "thickness": (6.0,)}, r"both layers and thickness.*one of the two"),
        ({"layers": (0,)}, r"at least one layer"),
        ({"shape": ParticleShape(kind="sphere", radius=1.0)}, r"no octahedron.*larger shape"),
        ({"halide_planes": -1}, r"not negative.*halide_planes; found -1"),
        ({"halide_planes": 1, "layers": (1,)}, r"take the place of one shell"),
        ({"shared_plane": "dot"}, r"unknown value 'dot', in shared_plane; allowed core, shell"),
        ({"gap": 3.0}, r"gap means nothing.*share one lattice.*walls that are incoherent"),
        ({"relation": "[100]||[110], (001)||(001)"}, r"relation means nothing"),
        ({"gap": -1.0}, r"not negative, in gap; found -1 Å"),
        ({"coverage": 0.5}, r"no ligands that the coverage counts, in coverage; found 0.5"),
        ({"lattice": 9.0}, r"far from those of the parts.*9 Å"),
        ({"profile": WallProfile(kind="linear")}, r"needs a positive width"),
        ({"neutrality": "refuse"}, r"\+16 e and the policy refuse.*choose auto, here remove-A"),
        ({"neutrality": "add-A"}, r"\+16 e left; allowed 0 e.*choose auto, here remove-A"),
        ({"neutrality": "remove-X"}, r"\+16 e left; allowed 0 e.*choose auto, here remove-A"),
    ],
)
def test_refusals(options, words):
    with pytest.raises(HeterobuildError, match=words):
        build(**options)


def test_parts_are_judged():
    with pytest.raises(UsageError, match=r"at least one shell.*found 1 part"):
        build(IODIDE)
    with pytest.raises(UsageError, match=r"no common network.*Cs4PbBr6"):
        build(BROMIDE, load_crystal("Cs4PbBr6"), wall="coherent")


def test_names_of_the_parts():
    model = build(names=("dot", "skin"))
    assert [region.name for region in model.regions] == ["dot", "skin"]


@pytest.mark.parametrize("shared", ["mixed", "shell"])
def test_same_seed_same_bytes(shared):
    mixed = load_crystal("CsPbI2Br:cubic")
    first, again, other = (
        build(mixed, BROMIDE, seed=s, shared_plane=shared).atoms for s in (4, 4, 5)
    )
    for name in first.arrays:
        assert first.arrays[name].tobytes() == again.arrays[name].tobytes()
    assert first.numbers.tobytes() != other.numbers.tobytes()


@pytest.mark.parametrize(
    "options",
    [
        {"profile": WallProfile(kind="erf", width=5.0)},
        {"shared_plane": "core"},
        {"lattice": "shell"},
        {"halide_planes": 1},
    ],
)
def test_what_a_common_lattice_needs_is_refused_without_one(options):
    (name,) = options
    with pytest.raises(UsageError, match=f"{name} means nothing.*lattices of their own"):
        build(BROMIDE, load_crystal("Cs4PbBr6"), **options)


def test_a_cap_keeps_its_lattice_and_a_thin_shell_has_one_policy():
    other = load_crystal("CsPb2Br5")
    ball = ParticleShape(kind="sphere", radius=12.0)
    cap = build(BROMIDE, other, shape=ball, thickness=(18.0,), cover=("cap 60",), layers=())
    assert "registry" not in [step.name for step in cap.steps]
    small = {"shape": ParticleShape(octahedra=2), "thickness": (12.0,), "layers": ()}
    thin = build(BROMIDE, other, **small)
    assert "registry" in [step.name for step in thin.steps]
    with pytest.raises(UsageError, match="wall_neutrality cannot differ from neutrality"):
        build(BROMIDE, other, **small, registry=False, wall_neutrality="refuse")
