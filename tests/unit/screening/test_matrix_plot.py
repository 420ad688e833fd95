import numpy as np
import pytest

from heterobuild.errors import OutputError, UsageError
from heterobuild.screening.matrix_plot import draw_matrix, grounds, least_strains
from heterobuild.screening.pictures import ITSELF, NOTHING, UNREADABLE
from heterobuild.screening.rows import COLUMNS
from heterobuild.screening.screen import Screening, screen

pytest.importorskip("matplotlib")


def row(film, substrate, strain):
    values = {"film": film, "substrate": substrate, "log_strain": f"{strain:.6f}"}
    return tuple(values.get(name, "") for name in COLUMNS)


def screened(films, substrates, rows=(), skipped=()):
    return Screening(
        rows=tuple(rows),
        skipped=dict.fromkeys(skipped, "broken"),
        films=tuple(films),
        substrates=tuple(substrates),
        files={},
        max_strain=0.04,
        max_area=300.0,
    )


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
    path = draw_matrix(found.rows, tmp_path / "matrix.svg", found=found)
    text = path.read_text()
    strains = least_strains(found.rows, **sides)
    for value in strains[np.isfinite(strains)]:
        assert f"<!-- {value:.2f} -->" in text
    for name in (*found.films, *found.substrates):
        assert f"<!-- {name} -->" in text
    assert "strain up to 5 %, cells up to 400 Å²" in text
    assert "<!-- a crystal on itself, left out -->" in text
    assert "<!-- file cannot be used -->" not in text


@pytest.mark.parametrize(("films", "substrates"), [(2, 2), (60, 3), (61, 2), (1, 1)])
def test_sizes(tmp_path, films, substrates):
    from PIL import Image

    names = [f"CsPbI3_{i}" for i in range(films)], [f"substrate {i}" for i in range(substrates)]
    rows = [
        row(a, b, 0.0004 * (i + j))
        for i, a in enumerate(names[0])
        for j, b in enumerate(names[1])
        if i != j
    ]
    path = draw_matrix(rows, tmp_path / "m.png", found=screened(*names))
    with Image.open(path) as image:
        least = 150 * (0.36 if max(films, substrates) <= 60 else 0.18)
        assert image.width > least * substrates
        assert image.height > least * films


def test_each_grey_has_its_reason(tmp_path):
    from PIL import Image

    found = screened(["A", "B"], ["B", "C", "D"], skipped=["D"])
    strains = least_strains([row("A", "B", 0.01)], found.films, found.substrates)
    assert grounds(strains, found).tolist() == pytest.approx(
        np.array([[np.nan, NOTHING, UNREADABLE], [ITSELF, NOTHING, UNREADABLE]]), nan_ok=True
    )
    path = draw_matrix([], tmp_path / "m.png", found=found)
    with Image.open(path) as image:
        colours = {colour for _, colour in image.convert("L").getcolors()}
    assert {round(255 * NOTHING), round(255 * UNREADABLE), 255} <= colours
    text = draw_matrix([], tmp_path / "m.svg", found=found).read_text()
    for words in ("nothing fits within the limits", "file cannot be used", "a crystal on itself"):
        assert words in text


def test_bad_input(tmp_path):
    many = [f"{i}" for i in range(201)]
    with pytest.raises(UsageError, match="201 films × 1 substrates"):
        draw_matrix([], tmp_path / "m.png", found=screened(many, ["A"]))
    with pytest.raises(UsageError, match=r"\.png"):
        draw_matrix([], tmp_path / "m.bmp", found=screened(["A"], ["B"]))
    draw_matrix([], tmp_path / "m.png", found=screened(["A"], ["B"]))
    with pytest.raises(OutputError, match="--force"):
        draw_matrix([], tmp_path / "m.png", found=screened(["A"], ["B"]))
