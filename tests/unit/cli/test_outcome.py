import inspect
import json

import pytest

from heterobuild.cli.outcome import produce
from heterobuild.cli.run import run


def test_every_shared_option_reaches_the_run():
    names = {parameter.name for parameter in run.params}
    taken = set(inspect.signature(produce).parameters) - {"make_recipe"}
    assert taken < names


def test_notices_of_the_data_are_shown(heterobuild, recipe):
    outcome = heterobuild(
        *("build", "vertical", "CsPbCl3_orthorhombic", "MAPbCl3_cubic", "-n"),
        *("--film-layers", "2", "--substrate-layers", "2"),
    )
    assert outcome.code == 0, outcome.err
    assert "note: CsPbCl3_orthorhombic" in outcome.err


def test_a_dry_run_tells_the_estimate_first(heterobuild, bulk):
    outcome = heterobuild(*bulk, "-n")
    assert outcome.code == 0, outcome.err
    first, second, *_ = outcome.out.splitlines()
    assert first.endswith("estimate about 5 atoms, 0.001 MB of memory")
    assert second == "CsPbBr3_cubic-whole-bulk: 5 atoms"
    result = json.loads(heterobuild(*bulk, "-n", "--json").out)
    assert result["estimate"] == {"atoms": 5, "memory_bytes": 1000}


def test_without_an_estimate_nothing_is_told(heterobuild, recipe):
    assert heterobuild("run", "r.yaml", "-n").out.startswith("pair: 36 atoms")


@pytest.mark.parametrize("where", [["-n"], ["-o", "o"], ["-n", "--full"]])
def test_a_model_that_does_not_fit_is_refused(heterobuild, bulk, tmp_path, where):
    huge = ("--expected", "5000000000", "--needed", "5000000000000000")
    outcome = heterobuild(*bulk, *huge, *where)
    assert outcome.code == 2
    assert outcome.err.startswith("error: build whole_bulk: build: the model does not fit")
    assert "about 5000 million atoms" in outcome.err
    assert ("estimate about" in outcome.out) is ("-n" in where)
    assert list(tmp_path.iterdir()) == []
    error = json.loads(heterobuild(*bulk, *huge, *where, "--json").out)
    assert error["exit_code"] == 2


def test_a_dry_run_of_a_large_model_is_the_estimate_only(heterobuild, bulk):
    large = (*bulk, "-n", "--expected", "2000001")
    outcome = heterobuild(*large)
    assert outcome.code == 0
    assert outcome.out.count("\n") == 1
    assert "about 2 million atoms" in outcome.out
    assert "--full" in outcome.err
    assert json.loads(heterobuild(*large, "--json").out) == {
        "name": "CsPbBr3_cubic-whole-bulk",
        "built": False,
        "written": False,
        "remarks": [],
        "estimate": {"atoms": 2000001, "memory_bytes": 1000},
    }
    assert "5 atoms\n" in heterobuild(*large, "--full").out


def test_a_large_model_is_built_where_it_is_to_be_written(heterobuild, bulk, tmp_path):
    outcome = heterobuild(*bulk, "-o", "o", "--expected", "2000001", "-f", "cif")
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "o/CsPbBr3_cubic-whole-bulk.cif").exists()
