"""The command as users start it: processes, signals, pipes, full disks."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from heterobuild.cli import main; main()"]
DEMO = ROOT / "recipes" / "cspbbr3-mapbcl3-vertical.yaml"
NAME = "cspbbr3-mapbcl3-vertical"


def heterobuild(*arguments, folder, **options):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=folder,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
        **options,
    )


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_help_imports_nothing_heavy(tmp_path):
    code = (
        "import sys\nfrom heterobuild.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as leaving:\n    assert not leaving.code\n"
        "heavy = {'numpy', 'ase', 'scipy', 'pymatgen', 'pydantic', 'ruamel.yaml', 'spglib'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    outcome = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, timeout=60)
    assert outcome.returncode == 0


def test_the_package_imports_nothing_heavy(tmp_path):
    code = "import sys, heterobuild; assert 'numpy' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0


def test_the_launcher_of_the_checkout_is_the_same_command(tmp_path):
    outcome = subprocess.run(
        [sys.executable, ROOT / "cli.py", "run", DEMO, "-n", "--json"],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert json.loads(outcome.stdout)["composition"] == {
        "Cs": 7, "Pb": 12, "Br": 19, "Cl": 18, "C": 6, "N": 6, "H": 36
    }  # fmt: skip


def test_the_same_recipe_gives_the_same_bytes_in_any_process(tmp_path):
    (tmp_path / "deep").mkdir()
    for number, folder in (("1", tmp_path), ("2", tmp_path / "deep")):
        environment = os.environ | {"PYTHONHASHSEED": number}
        outcome = heterobuild("run", DEMO, "-o", "out", folder=folder, env=environment)
        assert outcome.returncode == 0, outcome.stderr
    first = contents(tmp_path / "out")
    assert first == contents(tmp_path / "deep/out")
    outcome = heterobuild("run", tmp_path / "out/recipe.yaml", "-o", "again", folder=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert first == contents(tmp_path / "again")
    assert all(str(tmp_path).encode() not in content for content in first.values())


def test_results_and_notes_have_streams_of_their_own(tmp_path):
    outcome = heterobuild("run", DEMO, "-n", folder=tmp_path)
    assert "104 atoms" in outcome.stdout
    assert "\x1b" not in outcome.stdout + outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_without_unicode_is_served(tmp_path):
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    outcome = heterobuild("run", DEMO, "-n", folder=tmp_path, env=environment)
    assert outcome.returncode == 0, outcome.stderr
    assert "5.680" in outcome.stdout
    outcome = heterobuild("run", DEMO, "-n", "--json", folder=tmp_path, env=environment)
    assert json.loads(outcome.stdout)["atoms"] == 104


def start(*arguments, folder, **streams):
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=folder,
        text=True,
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams),
    )


def test_a_reader_that_leaves_is_no_error(tmp_path):
    with start("crystals", "list", folder=tmp_path) as process:
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_write_leaves_nothing(tmp_path, number, code):
    large = ("run", DEMO, "-o", "out", "--set", "build.repeat=[30, 30]")
    with start(*large, folder=tmp_path) as process:
        deadline = time.monotonic() + 60
        while not any(path.is_dir() for path in tmp_path.iterdir()):
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(number)
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in complaint
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path):
    def limit_file_size():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    outcome = heterobuild("run", DEMO, "-o", "out", folder=tmp_path, preexec_fn=limit_file_size)
    assert outcome.returncode == 2
    assert outcome.stderr.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in outcome.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    outcome = heterobuild("run", DEMO, "-o", "locked/out", folder=tmp_path)
    assert outcome.returncode == 2
    assert "no permission" in outcome.stderr


def test_a_terminal_sees_the_step_and_a_pipe_does_not(tmp_path):
    import pty

    main_end, terminal = pty.openpty()
    large = ("run", DEMO, "-n", "--set", "build.repeat=[40, 40]")
    with start(*large, folder=tmp_path, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        with contextlib.suppress(OSError):  # the other end is closed
            while chunk := os.read(main_end, 4096):
                shown += chunk
        output, _ = process.communicate(timeout=60)
    os.close(main_end)
    assert process.returncode == 0
    assert b"\r\x1b[2K" in shown
    assert "\x1b" not in output
