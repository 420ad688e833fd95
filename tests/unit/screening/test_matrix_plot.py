import numpy as np
import pytest

from heterobuild.errors import OutputError, UsageError
from heterobuild.screening.matrix_plot import draw_matrix, least_strains
from heterobuild.screening.rows import COLUMNS
from heterobuild.screening.screen import screen

pytest.importorskip("matplotlib")


def row(film, substrate, strain):
    values = {"film": film, "substrate": substrate, "log_strain": f"{strain:.6f}"}
    return tuple(values.get(name, "") for name in COLUMNS)


def test_the_least_strain_of_each_pair_counts():
    found = least_strains(
        [row("A", "C", 0.03), row("A", "C", 0.01), row("B", "A", 0.02)], ["A", "B"], ["A", "C"]
    )
    assert found[0, 1] == pytest.approx(1.0)
    assert found[1, 0] == pytest.approx(2.0)
    assert np.isnan(found[0, 0])
    assert np.isnan(found[1, 1])


def test_the_cells_have_the_values_of_the_table(tmp_path):
    found = screen(["CsPbBr3_cubic", "CsPbI3_alpha"], ["MAPbCl3", "SrTiO3", "CsPbBr3_cubic"])
    sides = {"films": found.films, "substrates": found.substrates}
    assert sides["substrates"] == ("MAPbCl3_cubic", "SrTiO3", "CsPbBr3_cubic")
    path = draw_matrix(found.rows, tmp_path / "matrix.svg", **sides)
    text = path.read_text()
    strains = least_strains(found.rows, **sides)
    for value in strains[np.isfinite(strains)]:
        assert f"<!-- {value:.2f} -->" in text
    for name in (*found.films, *found.substrates):
        assert f"<!-- {name} -->" in text


@pytest.mark.parametrize(("films", "substrates"), [(2, 2), (1, 9), (60, 3), (61, 2), (1, 1)])
def test_sizes(tmp_path, films, substrates):
    from PIL import Image

    names = [f"CsPbI3_{i}" for i in range(films)], [f"substrate {i}" for i in range(substrates)]
    rows = [
        row(a, b, 0.0004 * (i + j))
        for i, a in enumerate(names[0])
        for j, b in enumerate(names[1])
        if i != j
    ]
    path = draw_matrix(rows, tmp_path / "m.png", films=names[0], substrates=names[1])
    with Image.open(path) as image:
        least = 150 * (0.36 if max(films, substrates) <= 60 else 0.18)
        assert image.width > least * substrates
        assert image.height > least * films


def test_nothing_fits_is_grey_and_the_same_crystal_white(tmp_path):
    from PIL import Image

    path = draw_matrix([], tmp_path / "m.png", films=["A", "B"], substrates=["B", "C"])
    with Image.open(path) as image:
        colours = {colour for _, colour in image.convert("L").getcolors()}
    assert {217, 255} <= colours


def test_bad_input(tmp_path):
    many = [f"{i}" for i in range(201)]
    with pytest.raises(UsageError, match="201 films × 1 substrates"):
        draw_matrix([], tmp_path / "m.png", films=many, substrates=["A"])
    with pytest.raises(UsageError, match=r"\.png"):
        draw_matrix([], tmp_path / "m.bmp", films=["A"], substrates=["B"])
    draw_matrix([], tmp_path / "m.png", films=["A"], substrates=["B"])
    with pytest.raises(OutputError, match="--force"):
        draw_matrix([], tmp_path / "m.png", films=["A"], substrates=["B"])
