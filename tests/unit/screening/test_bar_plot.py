import numpy as np
import pytest

from heterobuild.screening.bar_plot import draw_bars
from heterobuild.screening.pictures import ITSELF, NOTHING, UNREADABLE
from heterobuild.screening.screen import Screening

pytest.importorskip("matplotlib")


@pytest.mark.parametrize("one_film", [True, False])
def test_bars_stand_below_one_another_the_least_strained_first(one_film):
    names = ("A", "B", "C", "D", "E")
    sides = (("A",), names) if one_film else (names, ("A",))
    found = Screening(
        rows=(),
        skipped={"E": "broken"},
        films=sides[0],
        substrates=sides[1],
        files={},
        max_strain=0.05,
        max_area=400.0,
    )
    strains = np.array([[np.nan, 2.0, np.nan, 1.0, np.nan]])
    ground = np.array([[ITSELF, np.nan, NOTHING, np.nan, UNREADABLE]])
    if not one_film:
        strains, ground = strains.T, ground.T
    (axes,) = draw_bars(strains, ground, found, "the limits").axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["D", "B", "A", "C", "E"]
    assert [bar.get_width() for bar in axes.patches] == [1.0, 2.0, 0.0, 0.0, 0.0]
    words = [text.get_text() for text in axes.texts]
    assert words == ["1.00", "2.00", "itself", "nothing fits", "file cannot be used"]
    assert axes.get_xlabel().endswith("the limits")
    assert "A" in axes.get_title()
