import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.deposition.films import along_film, facing_slab, laid_film, turned_model
from heterobuild.errors import UsageError
from heterobuild.labels import LAYER, REGION
from heterobuild.slabs import cut_slab

CHIRAL = cut_slab(load_crystal("RMBA2PbI4"), "001pc", layers=1)


@pytest.mark.parametrize("turned", [False, True])
def test_the_film_is_repeated_without_strain(turned):
    matrix = np.array([[2, -1], [1, 3]])
    film = laid_film(CHIRAL, matrix, seed=0, turned=turned)
    assert len(film.atoms) == 7 * len(CHIRAL.atoms)
    lengths = np.linalg.norm(film.surface, axis=1)
    assert lengths == pytest.approx(np.linalg.norm(CHIRAL.stacking.cell[:2], axis=1))
    assert film.cell == pytest.approx(matrix @ film.surface)
    assert film.cell[0, 1] == 0.0
    assert np.linalg.det(film.cell) > 0
    assert set(film.atoms.arrays[REGION]) == {1}
    assert set(film.atoms.arrays[LAYER]) == set(range(-CHIRAL.count, 0))
    top = film.atoms[film.atoms.arrays[LAYER] == -1]
    assert top.positions[:, 2].mean() > film.atoms.positions[:, 2].mean()


def test_distances_inside_the_film_stay():
    from scipy.spatial.distance import pdist

    film = laid_film(CHIRAL, np.eye(2, dtype=int), seed=0, turned=True)
    assert np.sort(pdist(film.atoms.positions)) == pytest.approx(
        np.sort(pdist(CHIRAL.atoms.positions)), abs=1e-6
    )


def test_the_direction_of_a_film():
    along = along_film(CHIRAL)
    pseudocubic = CHIRAL.crystal.pseudocubic @ CHIRAL.crystal.cell
    expected = pseudocubic[0] / np.linalg.norm(pseudocubic[0])
    # the axes of the slab are turned against those of the crystal by a whole rotation
    u = CHIRAL.stacking.basis[0] @ CHIRAL.crystal.cell
    cosine = expected @ u / np.linalg.norm(u)
    assert abs(along[0] - cosine) < 0.03  # a and b differ by 4.6 %, the axes are made upright
    assert along_film(facing_slab(CHIRAL, turned=True)) == pytest.approx(along * [1, -1])


def test_a_charged_film():
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "111", layers=2, bottom="CsBr3", top="CsBr3")
    with pytest.raises(UsageError, match=r"the film is charged.*CsBr3 to CsBr3.*-2 e.*leave top"):
        laid_film(slab, np.eye(2, dtype=int), seed=0, turned=False)


def test_a_model_is_turned_over_and_not_mirrored():
    film = laid_film(CHIRAL, np.array([[2, 0], [1, 3]]), seed=0, turned=False)
    atoms = film.atoms.copy()
    atoms.set_cell([[*film.cell[0], 0], [*film.cell[1], 0], [0, 0, 40.0]])
    over = turned_model(atoms)
    assert np.linalg.det(over.cell) == pytest.approx(np.linalg.det(atoms.cell))
    picked = [0, 5, 11, 17]
    before, after = (np.linalg.det(a.positions[picked[1:]] - a.positions[0]) for a in (atoms, over))
    assert after == pytest.approx(before)
    # the lattice of the turned model is that of the film after the two-fold rotation
    steps = np.asarray(over.cell)[:2, :2] @ np.linalg.inv(film.cell * [1, -1])
    assert steps == pytest.approx(np.rint(steps), abs=1e-9)
