from dataclasses import replace

import numpy as np
import pytest

from heterobuild.errors import HeterobuildError
from heterobuild.relaxation.conjugate_gradients import minimise
from heterobuild.relaxation.elongations import Elongations


@pytest.fixture
def rows():
    from scipy.sparse import csr_array

    rng = np.random.default_rng(7)
    dense, strain = rng.normal(size=(60, 30)), rng.normal(size=(60, 2))
    stiffness = rng.uniform(0.5, 2.0, 60)
    matrix = dense.T @ (stiffness[:, None] * dense)
    return Elongations(
        map=csr_array(dense),
        strain_map=strain,
        stiffness=stiffness,
        lacking=rng.normal(size=60),
        blocks=matrix.reshape(10, 3, 10, 3)[np.arange(10), :, np.arange(10)],
    )


def dense_solution(rows):
    both = np.hstack([rows.map.toarray(), rows.strain_map])
    root = np.sqrt(rows.stiffness)
    answer, *_ = np.linalg.lstsq(root[:, None] * both, root * rows.lacking)
    energy = 0.5 * np.sum((root * (both @ answer - rows.lacking)) ** 2)
    return answer, energy


def test_the_answer_is_that_of_a_dense_solver(rows):
    answer, energy = dense_solution(rows)
    step = minimise(rows, tolerance=1e-11)
    assert step.displacements.ravel() == pytest.approx(answer[:30], abs=1e-8)
    assert step.strain == pytest.approx(answer[30:], abs=1e-8)
    assert step.energies[-1] == pytest.approx(energy)
    assert (np.diff(step.energies) <= 0).all()


def test_what_lacks_nothing_stays(rows):
    step = minimise(replace(rows, lacking=np.zeros(60)), tolerance=1e-6)
    assert not step.displacements.any()
    assert step.energies.tolist() == [0.0]


def test_an_unstable_network_is_refused(rows):
    stiffness = rows.stiffness.copy()
    stiffness[:20] = -5.0
    with pytest.raises(HeterobuildError, match="not stable"):
        minimise(replace(rows, stiffness=stiffness), tolerance=1e-9)


def test_too_few_iterations_are_told(rows):
    with pytest.raises(HeterobuildError, match=r"did not converge.*after 4 iterations"):
        minimise(rows, tolerance=1e-12, most=3)
