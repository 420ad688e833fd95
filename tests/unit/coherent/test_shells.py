import numpy as np
import pytest

from heterobuild.coherent.nested import ShellSize, nested_forms
from heterobuild.coherent.shells import CoherentShells, coherent_core_shell
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, LAYER, REGION, SITE, Site
from heterobuild.model import WallProfile
from heterobuild.particles.options import ParticleShape

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
CHLORIDE = load_crystal("CsPbCl3:cubic")


def build(
    *crystals,
    shape=None,
    layers=(1,),
    names=("core", "shell"),
    lattice="shell",
    seed=0,
    **options,
):
    shape = shape or ParticleShape(octahedra=3)
    crystals = crystals or (IODIDE, BROMIDE)
    sizes = tuple(ShellSize(layers=n, thickness=None, outer="", cover="all") for n in layers)
    plan = nested_forms(shape, crystals, lattice=lattice, shells=sizes)
    chosen = {
        "shape": shape,
        "offset": (0.0, 0.0, 0.0),
        "shared": "outer",
        "profile": WallProfile(),
        "halide_planes": 0,
        "elastic": False,
        "termination": "AX",
        "neutrality": "auto",
        "cations": "random",
        "ligands": {},
        "coverage": 1.0,
        "vacuum": 15.0,
    } | options
    built = coherent_core_shell(
        crystals, plan, names, CoherentShells(**chosen), name="nest", seed=seed
    )
    return built, plan


def lead_of(built):
    """Number of Pb of each part."""
    arrays = built.atoms.arrays
    return np.bincount(arrays[REGION][arrays[SITE] == Site.B])[1:].tolist()


@pytest.mark.parametrize(("shared", "iodine"), [("outer", 54), ("inner", 108)])
def test_a_cube_in_a_cube(shared, iodine):
    """Of 27 in 125 octahedra: 6³ A, less the sum of the edges + 1, and 450 X."""
    built, _ = build(shared=shared)
    atoms, arrays = built.atoms, built.atoms.arrays
    assert built.name == "nest"
    assert [(region.name, region.code) for region in built.regions] == [("core", 1), ("shell", 2)]
    assert lead_of(built) == [27, 98]
    counts = np.bincount(arrays[SITE], minlength=4)
    assert counts[1:].tolist() == [216 - 16, 125, 450]
    assert (atoms.numbers == 53).sum() == iodine
    assert arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    assert [(entry.species, entry.action, entry.count) for entry in built.ledger] == [
        ("Cs", "removed", 16)
    ]
    assert not atoms.pbc.any()
    lead = arrays[SITE] == Site.B
    assert set(arrays[LAYER][lead & (arrays[REGION] == 1)].tolist()) == {-1, -2}
    assert set(arrays[LAYER][lead & (arrays[REGION] == 2)].tolist()) == {1}


@pytest.mark.parametrize("vacuum", [15.0, 30.0])
def test_the_box_leaves_the_vacuum(vacuum):
    built, _ = build(vacuum=vacuum)
    extent = np.ptp(built.atoms.positions, axis=0)
    assert built.atoms.cell.lengths() == pytest.approx(extent + vacuum, abs=1e-6)


def test_two_shells():
    built, _ = build(
        IODIDE, BROMIDE, CHLORIDE, layers=(1, 1), names=("seed", "middle", "skin"), lattice="mean"
    )
    assert [region.name for region in built.regions] == ["seed", "middle", "skin"]
    assert lead_of(built) == [27, 98, 343 - 125]
    halides = [int((built.atoms.numbers == z).sum()) for z in (53, 35, 17)]
    assert halides[0] == 54
    assert halides[1] == 3 * 25 * 4 - 54
    assert sum(halides) == 3 * 49 * 8


def test_a_core_off_the_middle():
    edge = float(BROMIDE.cell[0, 0])
    built, _ = build(layers=(2,), offset=(edge, 0.0, -edge))
    arrays, points = built.atoms.arrays, built.atoms.positions
    lead = arrays[SITE] == Site.B
    middle = points[lead].mean(axis=0)
    core = points[lead & (arrays[REGION] == 1)].mean(axis=0)
    assert core - middle == pytest.approx([edge, 0, -edge], abs=1e-6)


@pytest.mark.parametrize(("planes", "chloride"), [(1, 6 * 9), (2, 108 - 6)])
def test_halides_of_the_outermost_planes(planes, chloride):
    """Of 27 octahedra with 108 X: 54 end on the surface, 6 around the central Pb lie deepest."""
    built, _ = build(IODIDE, CHLORIDE, layers=(), halide_planes=planes, lattice="core")
    assert lead_of(built) == [27]
    assert (built.atoms.numbers == 17).sum() == chloride


def test_a_wire_is_periodic_along_z():
    shape = ParticleShape(kind="wire", octahedra=3, axis=(0, 0, 1), periods=2)
    built, plan = build(shape=shape)
    assert built.atoms.pbc.tolist() == [False, False, True]
    assert built.atoms.cell[2] == pytest.approx([0, 0, 2 * plan.host.cell[2, 2]])
    assert lead_of(built) == [18, 32]
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)


def test_what_cannot_be_built():
    with pytest.raises(UsageError, match=r"core is larger than shell"):
        build(offset=(9.0, 0.0, 0.0))
    with pytest.raises(UsageError, match=r"\+16 e and the policy refuse leaves \+16 e, in surface"):
        build(neutrality="refuse")
