import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.coherent.embedding import CoherentDots, coherent_embedded
from heterobuild.compounds import load_crystal
from heterobuild.dots.arrangement import Placement
from heterobuild.errors import UsageError
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.labels import CHARGE, LAYER, REGION, SITE, Site
from heterobuild.model import WallProfile
from heterobuild.particles.options import ParticleShape

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
TILTED, DOUBLE = load_crystal("CsPbBr3_orthorhombic"), load_crystal("Cs2AgBiBr6")


def placed(**options):
    plain = {
        "count": 1,
        "volume_fraction": None,
        "distribution": "monodisperse",
        "spread": 0.1,
        "separation": 6.0,
        "arrangement": "random",
        "table": None,
    }
    return Placement(**(plain | options))


def build(dot=IODIDE, matrix=BROMIDE, seed=0, **options):
    chosen = {
        "shape": ParticleShape(octahedra=3),
        "placement": placed(),
        "cells": (6, 6, 6),
        "shared": "outer",
        "profile": WallProfile(),
        "slab": False,
        "vacuum": 15.0,
        "elastic": False,
        "free_cell": False,
        "neutrality": "auto",
        "cations": "random",
    } | options
    return coherent_embedded(dot, matrix, CoherentDots(**chosen), name="dots", seed=seed)


@pytest.mark.parametrize(("shared", "iodine"), [("outer", 54), ("inner", 108)])
@pytest.mark.parametrize("matrix", [BROMIDE, TILTED])
def test_one_dot(matrix, shared, iodine):
    """Of 27 octahedra: 54 X between two of them, 54 in the wall; the network is whole."""
    built = build(matrix=matrix, shared=shared)
    atoms, arrays = built.atoms, built.atoms.arrays
    assert built.name == "dots"
    assert [(region.name, region.code) for region in built.regions] == [("dot", 1), ("matrix", 2)]
    assert atoms.pbc.all()
    assert np.bincount(arrays[SITE], minlength=4)[1:].tolist() == [216, 216, 648]
    assert (atoms.numbers == 53).sum() == iodine
    lead = arrays[SITE] == Site.B
    assert (lead & (arrays[REGION] == 1)).sum() == 27
    assert arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    assert built.ledger == ()
    assert set(arrays[LAYER][lead & (arrays[REGION] == 1)].tolist()) == {-1, -2}
    reach = 0.6 * cube_edge(matrix)
    first, second = neighbor_list("ij", atoms, reach)
    bonds = lead[first] & (arrays[SITE][second] == Site.X)
    assert (np.bincount(first[bonds], minlength=len(atoms))[lead] == 6).all()


def test_a_dot_keeps_the_sites_of_its_matrix():
    built = build()
    pure = build(dot=BROMIDE)
    assert built.atoms.cell[:] == pytest.approx(pure.atoms.cell[:])
    order = [np.lexsort(model.atoms.positions.round(4).T) for model in (built, pure)]
    assert built.atoms.positions[order[0]] == pytest.approx(pure.atoms.positions[order[1]])


@pytest.mark.parametrize("vacuum", [15.0, 24.0])
def test_a_slab_has_vacuum_and_one_plane_more(vacuum):
    """Of six octahedra: seven planes of A and X along z, and no charge."""
    built = build(slab=True, vacuum=vacuum)
    atoms, arrays = built.atoms, built.atoms.arrays
    assert atoms.pbc.tolist() == [True, True, False]
    counts = np.bincount(arrays[SITE], minlength=4)
    assert counts[Site.B] == 216
    assert counts[Site.X] == 648 + 36
    assert counts[Site.A] == 216 + 36
    assert arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    height = np.ptp(atoms.positions[:, 2])
    assert height == pytest.approx(6 * cube_edge(BROMIDE))
    assert atoms.cell[2, 2] == pytest.approx(height + vacuum)


@pytest.mark.parametrize("octahedra", [1, 3])
def test_ions_of_unlike_charge(octahedra):
    """An odd cube replaces one Ag or Bi more than of the other: 1 e is left, and a bulk holds no
    site that could pay for it."""
    options = {"dot": BROMIDE, "matrix": DOUBLE, "cells": (8, 8, 8)}
    with pytest.raises(UsageError, match=r"charge is [+-]1 e.*matrix; found [+-]1 e left"):
        build(shape=ParticleShape(octahedra=octahedra), **options)


def test_an_even_cube_replaces_as_many_of_both():
    built = build(
        dot=BROMIDE, matrix=DOUBLE, cells=(6, 6, 6), shape=ParticleShape(octahedra=2), seed=2
    )
    silver, bismuth, lead = ((built.atoms.numbers == z).sum() for z in (47, 83, 82))
    assert (silver, bismuth, lead) == (104, 104, 8)
    assert built.ledger == ()
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)


def test_a_slab_pays_at_its_surface():
    built = build(dot=BROMIDE, matrix=DOUBLE, cells=(6, 6, 6), slab=True)
    silver, bismuth, lead = ((built.atoms.numbers == z).sum() for z in (47, 83, 82))
    before = silver + 3 * bismuth + 2 * lead - 2 * 216
    assert lead == 27
    assert abs(before) == 1
    assert sum(entry.charge for entry in built.ledger) == -before
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)


def test_two_dots_of_a_lattice_keep_apart():
    built = build(placement=placed(count=2, arrangement="bcc"), cells=(10, 10, 10))
    (step,) = [step for step in built.steps if step.name == "dots"]
    centres = np.array(step.values["centres_A"])
    apart = np.abs(centres[1] - centres[0]) / cube_edge(BROMIDE)
    assert apart == pytest.approx([5, 5, 5], abs=1e-3)
    assert step.values["octahedra"] == 54


def test_many_dots_tell_the_size_that_was_asked_for():
    built = build(
        shape=ParticleShape(kind="sphere", radius=9.0),
        placement=placed(count=3, distribution="log-normal", spread=0.2),
        cells=(12, 12, 12),
        seed=3,
    )
    step = next(step for step in built.steps if step.name == "dots")
    assert "asked sphere of radius 9 Å, log-normal with a spread of 20 %" in step.choice


def test_a_dot_without_ions_of_its_own_is_told():
    """A at the wall go to the matrix: seven octahedra around one have no cage of their own."""
    methyl = load_crystal("MAPbBr3_cubic")
    shape = ParticleShape(kind="sphere", radius=6.5, centre="B")
    gone = build(dot=methyl, shape=shape)
    assert gone.molecules == ()
    (said,) = [notice for notice in gone.notices if "sets it apart" in notice]
    assert said.startswith("dot holds no MA, which alone")
    assert "use shared_plane: dot, or make it larger" in said
    own = build(dot=methyl, shape=shape, shared="inner")
    larger = build(dot=methyl, shape=ParticleShape(octahedra=3))
    assert len(np.unique(larger.atoms.arrays["molecule"])) == 1 + 2**3
    for built in (own, larger, build()):
        assert not [notice for notice in built.notices if "sets it apart" in notice]
