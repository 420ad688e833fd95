"""Start-up is a feature: heavy packages are imported when they are needed, not before."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"numpy", "ase", "scipy", "pymatgen", "spglib", "matplotlib", "gemmi", "vesin", "rdkit"}


def imported(*arguments):
    """Return the top-level packages that a Python process imports."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    "arguments",
    [
        ["-c", "import heterobuild"],
        ["-c", "import heterobuild.cli"],
        ["-c", "from heterobuild.cli import main; main(['--help'])"],
    ],
    ids=["import heterobuild", "import heterobuild.cli", "--help"],
)
def test_nothing_heavy_is_imported_early(arguments):
    assert not imported(*arguments) & HEAVY


def test_the_guard_sees_imports():
    assert "numpy" in imported("-c", "import numpy")


def test_pymatgen_is_not_needed_for_the_demo(tmp_path, request):
    recipe = request.config.rootpath / "recipes" / "cspbbr3-mapbcl3-vertical.yaml"
    run = f"from heterobuild.cli import main; main(['run', {str(recipe)!r}, '-o', 'demo'])"
    command = [sys.executable, "-X", "importtime", "-c", run]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "pymatgen" not in done.stderr
    assert "matplotlib" not in done.stderr
