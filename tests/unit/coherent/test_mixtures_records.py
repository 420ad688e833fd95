import numpy as np
import pytest

from heterobuild.coherent.mixtures_amounts import Amounts
from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.coherent.mixtures_records import (
    asked_values,
    kind_words,
    measured_values,
    precursor_ratio,
    values_words,
)

FIELD = Morphology(kind="bicontinuous", length=20.0, spectrum="spinodal", count=8, spread=None)
GRAINS = Morphology(kind="grains", length=20.0, spectrum="smooth", count=8, spread=0.1)


def test_chords_of_plates():
    """Plates 10 and 30 Å thick: a chord is on average twice the thickness, over all directions."""
    codes = np.where(np.arange(40)[:, None, None] < 10, 1, 2) * np.ones((40, 40, 40), dtype=int)
    values = measured_values(codes, 40.0 * np.eye(3), np.array([0.25, 0.75]))
    assert values["mean_chord_A"] == pytest.approx([20, 60], rel=0.1)
    assert values["wall_area_per_volume_1_A"] == pytest.approx(2 / 40, rel=0.1)
    assert values["connected_share"] == [1.0, 1.0]
    assert "100, 100 % of each phase in one piece" in values_words(values)


def test_a_phase_without_walls():
    values = measured_values(np.ones((4, 4, 4), dtype=int), np.eye(3), np.array([1.0]))
    assert values["mean_chord_A"] == [None]
    assert values["wall_area_A2"] == {}


def test_what_was_asked():
    values = asked_values(FIELD, Amounts(volume_fractions=(0.4, 0.6)))
    assert values["correlation_length_A"] == 20.0
    assert values["asked_volume_fractions"] == [0.4, 0.6]
    assert asked_values(GRAINS, Amounts(precursor_ratio=1.4))["asked_precursor_ratio"] == 1.4
    assert kind_words(FIELD) == "bicontinuous, spinodal Gaussian field of correlation length 20 Å"
    assert kind_words(GRAINS) == "8 Laguerre grains"


def test_precursors():
    assert precursor_ratio([(4.0, 1.0), (1.0, 1.0)], [2, 13]) == pytest.approx(1.4)
    assert precursor_ratio([(1.0, 0.0)], [3]) is None
