import csv
import json

import pytest

SMALL = ("--film", "CsPbBr3_cubic", "--substrate", "abx3", "-j", "1")


def table(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_answer_is_on_the_screen(heterobuild, tmp_path):
    outcome = heterobuild("screen", *SMALL, "--max-mismatch", "5%")
    assert outcome.code == 0, outcome.err
    for word in (
        "MAPbBr3_cubic",
        "substrate",
        "misfit %",
        "meV/Å³",
        "film CsPbBr3_cubic",
        "area Å²",
        "matches, pairs of crystals: ",
    ):
        assert word in outcome.out
    assert list(tmp_path.iterdir()) == []


def test_table_recipes_and_picture(heterobuild, tmp_path):
    outcome = heterobuild(
        *("screen", *SMALL, "-o", "out", "--emit-recipes", "2", "--plot", "pareto.svg"),
        *("--alignment", "type-I", "--sort", "atoms,strain", "--max-mismatch", "0.03"),
    )
    assert outcome.code == 0, outcome.err
    rows = table(tmp_path / "out/screen.csv")
    assert {row["alignment"] for row in rows} == {"I"}
    assert max(abs(float(row["mismatch"])) for row in rows) <= 0.03
    assert len(list((tmp_path / "out/recipes").glob("*.yaml"))) == 2
    assert not (tmp_path / "out/parts").exists()
    assert (tmp_path / "pareto.svg").read_text().lstrip().startswith("<?xml")
    again = heterobuild("screen", *SMALL, "-o", "out")
    assert again.code == 2
    assert "--force" in again.err


def test_shards_joined_are_the_table_of_one_run(heterobuild, tmp_path):
    films = ("--film", "CsPbBr3_cubic", "--film", "CsPbI3_alpha", "--substrate", "abx3")
    assert heterobuild("screen", *films, "-o", "whole", "-j", "1").code == 0
    for shard in ("2/3", "3/3"):
        assert heterobuild("screen", *films, "-o", "cut", "--shard", shard).code == 0
    missing = heterobuild("screen", "merge", "cut")
    assert missing.code == 6
    assert "1/3" in missing.err
    assert heterobuild("screen", *films, "-o", "cut", "--shard", "1/3").code == 0
    assert heterobuild("screen", "merge", "cut").code == 0
    whole, cut = (tmp_path / name / "screen.csv" for name in ("whole", "cut"))
    assert whole.read_bytes() == cut.read_bytes()


def test_one_broken_file_among_many(heterobuild, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    heterobuild("crystals", "export", "CsPbCl3_cubic", "-o", "e")
    text = next((tmp_path / "e").glob("*.cif")).read_text()
    for name in "abc":
        (folder / f"{name}.cif").write_text(text)
    (folder / "b.cif").write_text("data_b\nloop_\n")
    outcome = heterobuild(
        *("screen", "--film", "CsPbBr3_cubic", "--substrate", "mine", "-o", "out", "-j", "1")
    )
    assert outcome.code == 6
    assert "skipped mine/b.cif" in outcome.err
    assert {row["substrate"] for row in table(tmp_path / "out/screen.csv")} == {
        "mine/a.cif",
        "mine/c.cif",
    }


def test_json_holds_the_rows(heterobuild):
    rows = json.loads(heterobuild("screen", *SMALL, "--json").out)
    assert rows[0].keys() >= {"film_matrix", "substrate_matrix", "log_strain"}


def test_a_series_from_films_to_recipes(heterobuild, tmp_path):
    series = "CsPb(Br_xI_1-x)3, x in 0:1:0.25"
    given = ("screen", "--film", series, "--substrate", "PbS", "--max-area", "100")
    outcome = heterobuild(*given, "-o", "one", "-j", "1", "--sort", "energy", "--emit-recipes", "9")
    assert outcome.code == 0, outcome.err
    rows = table(tmp_path / "one/screen.csv")
    energies = [float(row["film_energy_meV_per_A3"]) for row in rows]
    assert energies == sorted(energies)
    assert "CsPb(Br0.75I0.25)3" in {row["film"] for row in rows}
    for shard in ("1/2", "2/2"):
        assert heterobuild(*given, "-o", "two", "--shard", shard).code == 0
    assert heterobuild("screen", "merge", "two", "--sort", "energy").code == 0
    assert (tmp_path / "one/screen.csv").read_bytes() == (tmp_path / "two/screen.csv").read_bytes()
    recipes = sorted((tmp_path / "one/recipes").glob("*CsPb-Br0-75*.yaml"))
    assert 'crystal: "CsPb(Br0.75I0.25)3"' in recipes[0].read_text()
    built = heterobuild("run", str(recipes[0]), "--dry-run")
    assert built.code == 0, built.err


def test_the_matrix_of_all_pairs(heterobuild, tmp_path):
    outcome = heterobuild("screen", *SMALL, "--plot-matrix", "matrix.svg")
    assert outcome.code == 0, outcome.err
    assert "MAPbBr3_cubic" in (tmp_path / "matrix.svg").read_text()
    again = heterobuild("screen", *SMALL, "--plot-matrix", "matrix.svg")
    assert again.code == 2
    assert "--force" in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--max-mismatch", "5"), 2, "5%"),
        (("--max-strain", "3"), 2, "0.03"),
        (("--max-area", "-1"), 2, "positive area"),
        (("--max-area", "nan"), 2, "positive area"),
        (("--max-index", "0"), 2, "1 to 5"),
        (("--film", "CsPbBr4"), 2, "CsPbBr3"),
        (("--film", "no/such.cif"), 2, "no/such.cif"),
        (("--alignment", "type-IV"), 2, "type-II"),
        (("--sort", "beauty"), 2, "beauty"),
        (("--film", "CsPb(Br_xI_1-x)3"), 2, "x in 0:1:0.05"),
        (("--film", "CsPb(Br_xI_1-x)3, x in 0:1"), 2, "cannot be read"),
        (("--film", "CsPb(Br_xI_1-x)3, x in 0:1:0.01, y in 0:1:0.01"), 2, "allowed up to 2000"),
        (("--plot-matrix", "matrix.doc"), 2, ".png"),
        (
            ("--film", "CsPb(Br_xI_1-x)3, x in 0:1:0.004", "--plot-matrix", "a.png"),
            2,
            "up to 200 on a side",
        ),
        (("--plot", "a.png", "--plot-matrix", "a.png"), 2, "same file"),
        (("-j", "0"), 2, "-j auto"),
        (("--shard", "1/3"), 2, "-o DIR"),
        (("--shard", "first", "-o", "o"), 2, "1/8"),
        (("--shard", "4/3", "-o", "o"), 2, "1/3 to 3/3"),
        (("--resume",), 2, "-o DIR"),
        (("--parquet",), 2, "-o DIR"),
        (("--max-mismatch", "0.00001"), 3, "nothing fits"),
        (("-o", "no/such/folder"), 2, "mkdir -p"),
        (("--scheduler-file", "nowhere.json"), 2, "no such scheduler file"),
    ],
)
def test_bad_input(heterobuild, arguments, code, said, tmp_path):
    outcome = heterobuild("screen", *SMALL, *arguments)
    assert outcome.code == code
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder(heterobuild, tmp_path):
    (tmp_path / "empty").mkdir()
    outcome = heterobuild("screen", "--film", "empty")
    assert outcome.code == 2
    assert "no structure files" in outcome.err
