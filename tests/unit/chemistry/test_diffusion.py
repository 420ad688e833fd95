from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.diffusion import diffusivity, interdiffusion
from heterobuild.errors import UsageError
from heterobuild.geometry.profiles import diffusion_width

DAY = 86400.0


def slowest_rate(coefficient, length, cells=400):
    """Return the slowest decay in 1/s of a composition in a closed box, by finite volumes."""
    step = length / cells
    exchange = 2 * np.eye(cells) - np.eye(cells, k=1) - np.eye(cells, k=-1)
    exchange[0, 0] = exchange[-1, -1] = 1
    return np.sort(np.linalg.eigvalsh(exchange))[1] * coefficient / step**2


def test_two_films_exchange_bromide_and_iodide_at_the_published_rate():
    """10.1021/acsenergylett.9b01280: 8.3e-6 1/s at 296 K, films of 130 nm."""
    coefficient = diffusivity(interdiffusion("X", "Br", "I"), 296.0)
    assert slowest_rate(coefficient, 260e-7) == pytest.approx(8.3e-6, rel=0.01)
    assert interdiffusion("X", "I", "Br").activation * 96.485 == pytest.approx(51, abs=0.5)


def test_chloride_and_bromide_lie_in_the_published_range():
    """10.1073/pnas.1812718115: from 1e-13 to 1e-12 cm²/s at about 100 °C."""
    entry = interdiffusion("X", "Br", "Cl")
    assert 1e-13 < diffusivity(entry, 373.0) < 1e-12
    rates = diffusivity(entry, 373.0) / diffusivity(entry, 298.0)
    assert rates == pytest.approx(np.exp(0.44 * 11604.518 * (1 / 298 - 1 / 373)))


@pytest.mark.parametrize("temperature", [250.0, 300.0, 350.0, 420.0])
def test_halides_mix_faster_than_a_and_b_stays(temperature):
    x, a, b = (diffusivity(interdiffusion(site), temperature) for site in "XAB")
    assert x > 100 * a > 1e6 * b
    assert diffusion_width(b, 365 * DAY) < 1e-3


def test_methylammonium_is_slower_than_iodide_by_the_computed_ratio():
    """10.1038/ncomms8497: 1e-12 and 1e-16 cm²/s at 320 K."""
    ratio = diffusivity(interdiffusion("A"), 320.0) / diffusivity(interdiffusion("X"), 320.0)
    assert 3e-5 < ratio < 3e-4


def test_ions_without_an_entry_get_the_general_one():
    assert interdiffusion("X", "Cl", "I") == interdiffusion("X")
    assert interdiffusion("B", "Pb", "Sn") == interdiffusion("B")
    assert interdiffusion("X", "Cl", "Br") != interdiffusion("X")


def test_every_entry_names_its_source():
    for site in "ABX":
        entry = interdiffusion(site)
        assert entry.doi.startswith("10.")
        assert entry.confidence in {"high", "medium", "low"}
        assert entry.notes


def test_a_site_that_does_not_exist():
    with pytest.raises(UsageError, match="A, B or X"):
        interdiffusion("spacer")


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_a_temperature_is_above_zero(temperature):
    with pytest.raises(UsageError):
        diffusivity(interdiffusion("X"), temperature)
