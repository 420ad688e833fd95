import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.architectures.embedded import Embedded
from heterobuild.coherent.dot_walls import wall_of_dots
from heterobuild.coherent.matrix import make_matrix
from heterobuild.compounds import load_crystal
from heterobuild.geometry.shapes import sphere
from heterobuild.labels import CHARGE, REGION, SITE, Site
from heterobuild.particles.options import ParticleShape

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
TILTED = load_crystal("CsPbBr3_orthorhombic")


@settings(max_examples=25, deadline=None)
@given(
    radius=st.floats(3.5, 11.0),
    cells=st.tuples(*[st.integers(5, 8)] * 3),
    tilted=st.booleans(),
    slab=st.booleans(),
    seed=st.integers(0, 99),
)
def test_a_dot_is_whole_and_neutral(radius, cells, tilted, slab, seed):
    options = Embedded(
        shape=ParticleShape(kind="sphere", radius=radius),
        cells=cells,
        elastic=False,
        separation=0.0,
        periodic="slab" if slab else "bulk",
    )
    model = options.build(IODIDE, TILTED if tilted else BROMIDE, seed=seed)
    arrays = model.atoms.arrays
    counts = np.bincount(arrays[SITE], minlength=4)
    extra = counts[Site.A] - counts[Site.B]
    assert counts[Site.X] == 3 * counts[Site.B] + extra
    assert (extra > 0) == slab
    assert abs(arrays[CHARGE].sum()) < 1e-9
    iodide = model.atoms.numbers == 53
    assert (iodide == ((arrays[REGION] == 1) & (arrays[SITE] == Site.X))).all()
    assert len(np.unique(model.atoms.positions.round(3), axis=0)) == len(model.atoms)


@settings(max_examples=25, deadline=None)
@given(
    radius=st.floats(2.0, 20.0),
    cells=st.tuples(*[st.integers(1, 7)] * 3),
    tilted=st.booleans(),
    place=st.tuples(*[st.floats(-1.5, 1.5)] * 3),
)
def test_distance_from_a_dot_is_that_of_its_nearest_image(radius, cells, tilted, place):
    matrix = make_matrix(TILTED if tilted else BROMIDE, cells, slab=False)
    centre = np.array(place) @ matrix.cell
    found = wall_of_dots(matrix, centre[None], [sphere(radius)])
    images = (np.array(list(np.ndindex(7, 7, 7))) - 3) @ matrix.cell
    for b, unit in enumerate(matrix.block.framework.b_units.tolist()):
        points = matrix.block.positions(unit) @ matrix.rotation
        away = np.linalg.norm((points - centre)[:, None] - images[None], axis=2).min(axis=1)
        assert np.abs(found[..., b].ravel() - (away - radius)).max() < 1e-3
