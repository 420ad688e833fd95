import sys

import pytest

from heterobuild.errors import MissingExtraError, UsageError
from heterobuild.screening.dask_cluster import run_on_cluster
from heterobuild.screening.specification import plan_screen


@pytest.fixture
def spec():
    return plan_screen(["CsPbBr3_cubic"], ["CsPbI3_alpha"])


def test_a_scheduler_file_that_points_nowhere(spec, tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(UsageError, match="no such scheduler file"):
        run_on_cluster(
            spec, [1], 1, tmp_path, scheduler_file=tmp_path / "none.json", progress=print
        )


@pytest.mark.parametrize(
    "content", ["rubbish", "{}", "[]", '{"address": "tcp://127.0.0.1:9"}', '{"address": "x"}']
)
def test_a_scheduler_that_does_not_answer(spec, tmp_path, monkeypatch, content):
    pytest.importorskip("distributed")
    monkeypatch.setattr("heterobuild.screening.dask_cluster.PATIENCE", 1)
    file = tmp_path / "scheduler.json"
    file.write_text(content)
    with pytest.raises(UsageError, match="no scheduler answers"):
        run_on_cluster(spec, [1], 1, tmp_path, scheduler_file=file, progress=print)


def test_without_dask_the_install_line_is_shown(spec, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"heterobuild\[dask\]"):
        run_on_cluster(spec, [1], 1, tmp_path, scheduler_file="f.json", progress=print)
