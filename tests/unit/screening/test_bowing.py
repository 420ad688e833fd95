import numpy as np
import pytest

from heterobuild.chemistry.bands import band_edges
from heterobuild.data_files import read_toml
from heterobuild.screening.bowing import bowed_by, gap_bowing, known_bowings

X = np.linspace(0, 1, 11)


def test_the_published_curve_of_mixed_methylammonium_halides():
    # Noh et al. 2013, 10.1021/nl400349b: 1.57 + 0.39 x + 0.33 x²; the tabulated gap of the
    # bromide is 0.06 eV above theirs, which scales the difference.
    weights = np.column_stack([1 - X, X])
    ends = [band_edges(name).gap for name in ("MAPbI3", "MAPbBr3")]
    ours = weights @ ends - bowed_by(["MAPbI3", "MAPbBr3"], weights)
    published = 1.57 + 0.39 * X + 0.33 * X**2
    assert ours - published == pytest.approx(X * (ends[1] - 2.29), abs=1e-9)


def test_the_order_of_the_pair_does_not_matter():
    assert gap_bowing("MAPbI3", "MAPbBr3") is gap_bowing("MAPbBr3", "MAPbI3")
    assert gap_bowing("CsPbI3", "CsPbI3") is None


def test_a_second_mixed_site_without_bowing_takes_the_mean():
    # At a share y of methylammonium, only that part bows: y b x (1 − x).
    names = ["MAPbBr3", "MAPbI3", "CsPbBr3", "CsPbI3"]
    for y in (0.0, 0.3, 1.0):
        weights = np.column_stack([y * X, y * (1 - X), (1 - y) * X, (1 - y) * (1 - X)])
        assert bowed_by(names, weights) == pytest.approx(y * 0.33 * X * (1 - X))


def test_three_halides_bow_pair_by_pair():
    weights = np.array([0.2, 0.3, 0.5])
    assert bowed_by(["MAPbCl3", "MAPbBr3", "MAPbI3"], weights) == pytest.approx(0.33 * 0.15)


def test_a_gap_that_is_not_linear_is_not_interpolated():
    weights = np.array([[1.0, 0.0], [0.5, 0.5]])
    found = bowed_by(["MAPbI3", "MASnI3"], weights)
    assert found[0] == 0
    assert np.isnan(found[1])


def test_every_entry_names_its_source_and_known_compounds():
    for entry in read_toml("bands.toml")["bowing"]:
        assert entry["source"]
        assert all(band_edges(name) is not None for name in entry["members"])
        (found,) = known_bowings(entry["members"])
        assert found.value == entry.get("b")
