"""The search for neighbours against a comparison of all with all."""

import numpy as np
import pytest

from heterobuild.matching import neighbours as module
from heterobuild.matching.neighbours import neighbours
from heterobuild.matching.superlattices import LatticePoints


def some_points(number: int, seed: int, *, wide: float = 0.5) -> LatticePoints:
    rng = np.random.default_rng(seed)
    tau = rng.uniform(-wide, wide, number) + 1j * np.exp(rng.exponential(0.6, number) - 0.1)
    size = rng.uniform(1.5, 3.5, number)
    return LatticePoints(
        surface=np.zeros(number, dtype=np.int64),
        first=np.exp(size) / np.sqrt(tau.imag),
        tau=tau,
        size=size,
    )


def every_pair(films: LatticePoints, substrates: LatticePoints) -> np.ndarray:
    """Return the strain of all pairs from singular values of explicit maps."""
    bases = [
        np.array([p.first, p.tau * p.first]).T.copy().view(float).reshape(-1, 2, 2)
        for p in (films, substrates)
    ]
    maps = np.linalg.solve(bases[0][:, None], bases[1][None])
    return np.abs(np.log(np.linalg.svd(maps, compute_uv=False))).max(axis=2)


@pytest.mark.parametrize("strain", [1e-6, 0.02, 0.1, 0.45])
@pytest.mark.parametrize("few", [0, 10**9])
def test_all_and_none_else(strain, few, monkeypatch):
    monkeypatch.setattr(module, "FEW_PAIRS", few)
    monkeypatch.setattr(module, "MOST_PAIRS", 500)
    films, substrates = some_points(260, 1, wide=1.2), some_points(230, 2)
    same = substrates.take(np.arange(40))
    films = LatticePoints(
        **{
            name: np.concatenate([getattr(films, name), getattr(same, name)])
            for name in ("surface", "first", "tau", "size")
        }
    )
    strains = every_pair(films, substrates)
    i, j, found = neighbours(films, substrates, strain)
    wanted = set(zip(*(index.tolist() for index in np.nonzero(strains <= strain)), strict=True))
    pairs = list(zip(i.tolist(), j.tolist(), strict=True))
    assert len(wanted) >= 40
    assert set(pairs) == wanted
    assert len(pairs) == len(wanted)
    np.testing.assert_allclose(found, strains[i, j], atol=1e-9)


def test_films_beyond_all_substrates(monkeypatch):
    monkeypatch.setattr(module, "FEW_PAIRS", 0)
    substrates = some_points(50, 3)
    for shift in (-9.0, 9.0):
        films = some_points(50, 4)
        far = LatticePoints(
            surface=films.surface,
            first=films.first * np.exp(shift),
            tau=films.tau,
            size=films.size + shift,
        )
        assert len(neighbours(far, substrates, 0.05)[0]) == 0


@pytest.mark.parametrize("few", [0, 10**9])
def test_one_and_none(few, monkeypatch):
    monkeypatch.setattr(module, "FEW_PAIRS", few)
    one = some_points(1, 5)
    assert [part.tolist() for part in neighbours(one, one, 0.01)] == [[0], [0], [0.0]]


def test_no_points():
    one, none = some_points(1, 5), some_points(0, 5)
    for films, substrates in ((one, none), (none, one), (none, none)):
        assert [len(part) for part in neighbours(films, substrates, 0.01)] == [0, 0, 0]
