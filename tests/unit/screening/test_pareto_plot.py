import re

import numpy as np
import pytest

from heterobuild.errors import OutputError
from heterobuild.screening.pareto_plot import _labels, draw_pareto
from heterobuild.screening.screen import screen

pytest.importorskip("matplotlib")


@pytest.mark.parametrize("rows", [0, 1, 500])
def test_a_picture_is_drawn(tmp_path, rows):
    from PIL import Image

    found = screen(["CsPbBr3_cubic"], ["abx3"]).rows[:rows]
    path = draw_pareto(found, tmp_path / "pareto.png")
    with Image.open(path) as image:
        assert len(set(image.convert("L").resize((70, 50)).tobytes())) > 5
    with pytest.raises(OutputError, match="--force"):
        draw_pareto(found, path)


def test_points_near_one_another_share_a_label():
    places = np.array([[0.1, 0.5], [0.11, 0.49], [0.12, 0.49], [0.3, 0.2], [0.3, 0.1]])
    assert _labels(places) == [(0, "1–3"), (3, "4"), (4, "5")]


def test_the_matches_of_the_front_are_listed_beside_the_picture(tmp_path):
    rows = screen(["CsPbBr3_cubic"], ["abx3"]).rows
    text = draw_pareto(rows, tmp_path / "pareto.svg").read_text()
    listed = re.findall(r"<!-- (\d+)  CsPbBr3_cubic \(\S+\) on \S+ \(\S+\) -->", text)
    assert listed == [str(i + 1) for i in range(len(listed))]
    assert len(listed) > 3
