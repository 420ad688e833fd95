"""A run that is killed at any moment leaves whole results or none."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time

import pytest

# Writes the same result again and again: into new folders, or over the files of one folder.
WRITER = """
import itertools, sys
from pathlib import Path
import numpy as np
from ase import Atoms
from heterobuild import labels
from heterobuild.exporters import write
from heterobuild.model import Heterostructure, Region
from heterobuild.provenance import make_provenance

def structure(n):
    cell = np.diag([50.0, 50.0, 50.0])
    positions = np.random.default_rng(n).random((n, 3)) @ cell
    ones, zeros = np.ones(n, dtype=int), np.zeros(n, dtype=int)
    atoms = labels.label(Atoms(["Cs"] * n, positions=positions, cell=cell, pbc=True),
        site=ones, molecule=zeros, kind=zeros, charge=ones, region=1, layer=1)
    region = Region(code=1, name="r", crystal="c", formula="f", cell=cell, strain=np.zeros((3, 3)))
    return Heterostructure(name="x", atoms=atoms, regions=(region,))

top, mode = Path(sys.argv[1]), sys.argv[2]
built = [structure(3000), structure(3001)]
print("ready", flush=True)
for i in itertools.count():
    folder = top / (f"out-{i}" if mode == "new" else "out")
    write(built[i % 2], folder, provenance=make_provenance({}, seed=i), recipe_text=f"run: {i}",
        force=mode == "over")
"""
FILES = {"x.cif", "x.vasp", "x.data", "x.extxyz", "heterobuild.json", "recipe.yaml"}


def run_and_stop(top, mode, number, seconds):
    """Start the writer, send it a signal in the middle of its work, return its exit code."""
    command = [sys.executable, "-c", WRITER, str(top), mode]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.send_signal(number)
        return process.wait(timeout=30)


def assert_complete(folder):
    """All files are there and are those that the record describes."""
    assert {path.name for path in folder.iterdir() if not path.name.startswith(".")} == FILES
    record = json.loads((folder / "heterobuild.json").read_bytes())
    for entry in record["files"].values():
        data = (folder / entry["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], entry["name"]


def split(top):
    """Return visible and hidden entries."""
    names = sorted(path.name for path in top.iterdir())
    return [n for n in names if not n.startswith(".")], [n for n in names if n.startswith(".")]


def test_killed_runs_leave_whole_folders_or_none(tmp_path):
    times = random.Random(5)
    for attempt in range(5):
        top = tmp_path / str(attempt)
        top.mkdir()
        code = run_and_stop(top, "new", signal.SIGKILL, times.uniform(0.05, 0.35))
        assert code == -signal.SIGKILL
        visible, hidden = split(top)
        for name in visible:
            assert_complete(top / name)
        assert len(hidden) <= 1
        for name in hidden:  # the next run into the same target cleans up
            target = name[1:].split(".heterobuild-")[0]
            assert target == f"out-{len(visible)}"
            _write_small(top / target)
            assert split(top)[1] == []


def _write_small(folder):
    from heterobuild.exporters import staged

    with staged(folder, ("small.txt",)) as staging:
        (staging / "small.txt").write_text("small")


@pytest.mark.parametrize("mode", ["new", "over"])
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, -signal.SIGINT)]
)
def test_ended_runs_leave_nothing_behind(tmp_path, mode, number, code):
    times = random.Random(int(number))
    got = run_and_stop(tmp_path, mode, number, times.uniform(0.1, 0.4))
    # Between two writes SIGTERM ends the process in the ordinary way.
    assert got in {code, -number}
    visible, hidden = split(tmp_path)
    assert hidden == []
    for name in visible:
        assert_complete(tmp_path / name)
        assert split(tmp_path / name)[1] == []


def test_a_file_limit_of_the_system_leaves_nothing(tmp_path):
    """The kernel refuses to write on in the middle of a file, as on a full disk."""
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limit + WRITER, str(tmp_path), "new"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "OutputError: the files cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []
