"""Screens that are interrupted, killed and spread over processes give the same table."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from heterobuild.errors import UsageError
from heterobuild.screening.dask_cluster import run_on_cluster
from heterobuild.screening.specification import plan_screen

SCREEN = [
    *("screen", "--film", "abx3", "--substrate", "abx3", "--max-area", "600"),
    *("--max-mismatch", "3%"),
]


def start(*arguments, cwd, **options):
    program = Path(sys.executable).parent / "heterobuild"
    return subprocess.Popen(
        [str(program), *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(process, timeout=300):
    out, err = process.communicate(timeout=timeout)
    return process.returncode, out, err


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The table of a run in one process."""
    folder = tmp_path_factory.mktemp("whole")
    code, _, err = finish(start(*SCREEN, "-j", "1", "-o", "out", cwd=folder))
    assert code == 0, err
    return (folder / "out/screen.csv").read_bytes()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_ctrl_c_a_run_goes_on(whole, tmp_path, jobs):
    running = start(*SCREEN, "-j", jobs, "-o", "out", cwd=tmp_path)
    parts = tmp_path / "out" / "parts"
    wait_for(lambda: parts.is_dir() and list(parts.glob("part-*")))
    running.send_signal(signal.SIGINT)
    code, _, err = finish(running)
    assert code == 130
    assert "Traceback" not in err
    assert "--resume" in err
    assert not (tmp_path / "out/screen.csv").exists()
    kept = {path.name: path.stat().st_mtime_ns for path in parts.iterdir()}
    assert kept
    assert all(name.startswith("part-") for name in kept)
    again = finish(start(*SCREEN, "-j", jobs, "-o", "out", cwd=tmp_path))
    assert again[0] == 2
    assert "--resume" in again[2]
    resumed = finish(start(*SCREEN, "-j", jobs, "-o", "out", "--resume", cwd=tmp_path))
    assert resumed[0] == 0, resumed[2]
    assert (tmp_path / "out/screen.csv").read_bytes() == whole
    assert not parts.exists()


def test_a_killed_worker_of_the_pool_costs_nothing(whole, tmp_path):
    running = start(*SCREEN, "-j", "2", "-o", "out", cwd=tmp_path)
    parts = tmp_path / "out" / "parts"
    wait_for(lambda: parts.is_dir() and list(parts.glob("part-*")))
    workers = [pid for pid in children(running.pid) if "spawn_main" in command_of(pid)]
    assert workers
    os.kill(workers[0], signal.SIGKILL)
    code, _, err = finish(running)
    assert code == 0, err
    assert (tmp_path / "out/screen.csv").read_bytes() == whole


def children(parent):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler and two worker processes; the processes, the scheduler's first."""
    pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

    def run(*arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    processes = [
        run(
            *("dask_scheduler", "--scheduler-file", str(file), "--port", "0"),
            *("--host", "127.0.0.1", "--no-dashboard"),
        )
    ]
    wait_for(file.exists)
    options = ("--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard")
    processes += [run("dask_worker", *options) for _ in range(2)]
    try:
        yield file, processes
    finally:
        for process in processes[::-1]:
            process.kill()
            process.wait()


def test_two_dask_workers_of_which_one_is_killed(whole, tmp_path, cluster):
    file, (_, *workers) = cluster
    assert json.loads(file.read_text())["address"]
    running = start(*SCREEN, "--scheduler-file", str(file), "-o", "out", cwd=tmp_path)
    parts = tmp_path / "out" / "parts"
    wait_for(lambda: parts.is_dir() and list(parts.glob("part-*")))
    workers[0].kill()
    code, _, err = finish(running)
    assert code == 0, err
    assert (tmp_path / "out/screen.csv").read_bytes() == whole


def test_scheduler_and_workers_are_killed(whole, tmp_path, cluster):
    file, processes = cluster
    running = start(*SCREEN, "--scheduler-file", str(file), "-o", "out", cwd=tmp_path)
    parts = tmp_path / "out" / "parts"
    wait_for(lambda: parts.is_dir() and list(parts.glob("part-*")))
    for process in processes:
        process.kill()
    code, _, err = finish(running, timeout=100)
    assert code == 6, err
    assert "Traceback" not in err
    assert "--resume" in err
    resumed = finish(start(*SCREEN, "-j", "2", "-o", "out", "--resume", cwd=tmp_path))
    assert resumed[0] == 0, resumed[2]
    assert (tmp_path / "out/screen.csv").read_bytes() == whole


def test_a_scheduler_without_workers(tmp_path, cluster, monkeypatch):
    file, (_, *workers) = cluster
    for worker in workers:
        worker.kill()
        worker.wait()
    monkeypatch.setattr("heterobuild.screening.dask_cluster.PATIENCE", 3)
    spec = plan_screen(["CsPbBr3_cubic"], ["CsPbI3_alpha"])
    with pytest.raises(UsageError, match=r"no workers.*dask worker"):
        run_on_cluster(spec, [1], 1, tmp_path, scheduler_file=file, progress=print)
