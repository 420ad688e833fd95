import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.recipes import dry_run, load_recipe
from heterobuild.screening.recipe_files import write_recipes
from heterobuild.screening.rows import COLUMNS
from heterobuild.screening.screen import screen
from heterobuild.screening.summary_table import smallest_rows, summary_rows


def matrix(text):
    return np.array([row.split() for row in text.split(";")], dtype=int)


def same_map(match, record):
    """Whether a match and a row have the same cells and strains; which basis does not matter."""
    areas = [float(record["area_A2"]), float(record["film_area_A2"])]
    strains = [float(record["strain_1"]), float(record["strain_2"])]
    cells = [abs(np.linalg.det(matrix(record[f"{side}_matrix"]))) for side in ("film", "substrate")]
    return (
        [match.area, match.film_area] == pytest.approx(areas, abs=1e-3)
        and list(match.strains) == pytest.approx(strains, abs=2e-6)
        and [np.linalg.det(match.film), np.linalg.det(match.substrate)] == pytest.approx(cells)
    )


def test_recipes_build_the_match_of_their_rows(tmp_path):
    found = screen(["CsPbBr3", "CsPbI3_alpha"], ["MAPbCl3", "Cs4PbBr6", "PbS"], sort=("atoms",))
    paths = write_recipes(found.rows, 4, tmp_path / "recipes")
    assert len(paths) == 4
    for path, row in zip(paths, smallest_rows(found.rows), strict=False):
        record = dict(zip(COLUMNS, row, strict=True))
        built = dry_run(load_recipe(path)).built
        assert same_map(built.match, record)
        assert [region.crystal for region in built.regions] == [record["substrate"], record["film"]]


def test_the_users_files_lie_beside_the_recipes(tmp_path, cif_of):
    folder = tmp_path / "mine"
    folder.mkdir()
    cif_of("CsPbCl3_cubic", folder / "chloride.cif")
    found = screen(["CsPbBr3_cubic"], [str(folder)], sort=("atoms",))
    (path,) = write_recipes(found.rows, 1, tmp_path / "recipes", files=found.files)
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        "001-CsPbBr3_cubic-on-mine-chloride-cif.yaml",
        "mine-chloride.cif",
    ]
    record = dict(zip(COLUMNS, smallest_rows(found.rows)[0], strict=True))
    assert same_map(dry_run(load_recipe(path)).built.match, record)


def test_a_poscar_keeps_a_name_that_tells_its_format(tmp_path):
    from ase.io import write

    from heterobuild.compounds import load_crystal

    folder = tmp_path / "mine"
    folder.mkdir()
    write(folder / "POSCAR_1", load_crystal("CsPbCl3_cubic").require_atoms(), format="vasp")
    found = screen(["CsPbBr3_cubic"], [str(folder)], sort=("atoms",))
    (path,) = write_recipes(found.rows, 1, tmp_path / "recipes", files=found.files)
    assert (path.parent / "mine-POSCAR_1.vasp").is_file()
    assert dry_run(load_recipe(path)).built.regions[0].formula == "CsPbCl3"


def test_rows_without_atoms_are_passed_over(tmp_path):
    found = screen(["CsPbBr3_cubic"], ["BA2PbI4", "CsPbI3_alpha"], sort=("substrate", "area"))
    assert found.rows[0][2] == "BA2PbI4"
    (path,) = write_recipes(found.rows, 1, tmp_path / "recipes")
    assert path.name == "002-CsPbBr3_cubic-on-CsPbI3_alpha.yaml"
    only = [row for row in found.rows if row[2] == "BA2PbI4"]
    assert write_recipes(only, 1, tmp_path / "none") == ()


def test_recipes_have_the_numbers_of_the_rows_on_the_screen(tmp_path):
    films = ["CsPbBr3_cubic", "CsPbI3_alpha", "CsPbBr3_orthorhombic"]
    found = screen(films, ["BA2PbI4", "PbS", "MAPbCl3_cubic", "NaCl"])
    _, (head, *lines) = summary_rows(smallest_rows(found.rows))
    paths = write_recipes(found.rows, 100, tmp_path / "recipes")
    film, substrate = head.index("film"), head.index("substrate")
    expected = [
        f"{int(line[0]):03d}-{line[film]}-on-{line[substrate]}.yaml"
        for line in lines
        if line[substrate] != "BA2PbI4"
    ]
    assert [path.name for path in paths] == expected
    assert len(expected) < len(lines)


def test_no_recipes_are_an_error(tmp_path):
    with pytest.raises(UsageError, match="1 or more"):
        write_recipes([], 0, tmp_path)
