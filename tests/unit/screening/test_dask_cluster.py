import json
import socket
import sys
import threading
import time

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


def answer_http(server):
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def keep_silent(server):
    held = []
    while True:
        try:
            held.append(server.accept())
        except OSError:
            return


@pytest.mark.parametrize("behave", [answer_http, keep_silent])
def test_something_else_at_the_address(spec, tmp_path, monkeypatch, behave):
    pytest.importorskip("distributed")
    monkeypatch.setattr("heterobuild.screening.dask_cluster.PATIENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=behave, args=(server,), daemon=True).start()
        file = tmp_path / "scheduler.json"
        file.write_text(json.dumps({"address": f"tcp://127.0.0.1:{server.getsockname()[1]}"}))
        start = time.monotonic()
        with pytest.raises(UsageError, match="no scheduler answers at tcp"):
            run_on_cluster(spec, [1], 1, tmp_path, scheduler_file=file, progress=print)
        assert time.monotonic() - start < 10


def test_without_dask_the_install_line_is_shown(spec, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"heterobuild\[dask\]"):
        run_on_cluster(spec, [1], 1, tmp_path, scheduler_file="f.json", progress=print)
