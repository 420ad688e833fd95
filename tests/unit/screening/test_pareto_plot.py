import pytest

from heterobuild.errors import OutputError
from heterobuild.screening.pareto_plot import draw_pareto
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
