import csv
import io

import pytest

from heterobuild.screening.part_files import read_parts
from heterobuild.screening.shards import part_text, run_shard
from heterobuild.screening.specification import plan_screen


@pytest.fixture(scope="module")
def spec():
    return plan_screen(["CsPbBr3_cubic", "CsPbI3_alpha", "MAPbI3"], ["abx3"])


def body(text):
    return text.partition("\n")[2]


@pytest.mark.parametrize("count", [2, 3, 5, 40])
def test_shards_together_are_the_whole(spec, count):
    parts = [body(part_text(spec, shard, count)) for shard in range(1, count + 1)]
    assert "".join(parts) == body(part_text(spec, 1, 1))


def test_a_shard_is_a_pure_function(spec, tmp_path):
    first = run_shard(spec, 2, 3, tmp_path / "a").read_bytes()
    assert (
        run_shard(spec, 2, 3, tmp_path / "b").read_bytes()
        == first
        == part_text(spec, 2, 3).encode()
    )


def test_a_broken_file_costs_no_other_row(tmp_path, cif_of):
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(20):
        cif_of("CsPbCl3_cubic", folder / f"{number:02d}.cif")
    whole = body(part_text(plan_screen(["CsPbBr3_cubic"], [str(folder)]), 1, 1))
    (folder / "07.cif").write_text("data_broken\n_cell_length_a 5\n")
    text = part_text(plan_screen(["CsPbBr3_cubic"], [str(folder)]), 1, 1)
    kept = [row for row in csv.reader(io.StringIO(whole)) if row[2] != "mine/07.cif"]
    assert list(csv.reader(io.StringIO(body(text)))) == kept
    (tmp_path / "parts").mkdir()
    run_shard(plan_screen(["CsPbBr3_cubic"], [str(folder)]), 1, 1, tmp_path / "parts")
    (part,) = read_parts(tmp_path / "parts")
    assert list(part.skipped) == ["mine/07.cif"]


def test_a_series_is_cut_into_shards_like_any_other(tmp_path):
    spec = plan_screen(["CsPb(Br_xI_1-x)3, x in 0:1:0.25"], ["substrate", "PbS"])
    whole = part_text(spec, 1, 1)
    parts = [body(part_text(spec, shard, 4)) for shard in range(1, 5)]
    assert "".join(parts) == body(whole)
    films = {row[0] for row in csv.reader(io.StringIO(body(whole)))}
    assert {"CsPb(Br0.25I0.75)3", "CsPbBr3_orthorhombic"} <= films
    for shard in (2, 4, 1, 3):
        run_shard(spec, shard, 4, tmp_path)
    assert read_parts(tmp_path)[0].films == [material.name for material in spec.films]
