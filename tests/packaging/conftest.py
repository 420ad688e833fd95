"""The built distributions, and an empty environment with the wheel; both made once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = shutil.ignore_patterns(
    ".*_cache",
    ".coverage",
    ".git",
    ".hypothesis",
    ".venv",
    "*.egg-info",
    "__pycache__",
    "build",
    "demo",
    "dist",
)


@dataclass(frozen=True, kw_only=True)
class Distributions:
    """The files that a release consists of."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A virtual environment with nothing but the wheel and what it asks for."""

    folder: Path

    def run(self, *command, cwd, check=True):
        """Run a program of the environment, with no trace of the checkout around it."""
        program = str(self.folder / "bin" / command[0])
        return run(program, *command[1:], cwd=cwd, check=check)


def run(*command, cwd, check=True):
    """Run a command without the variables that could lead back to the checkout."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


@pytest.fixture(scope="session")
def checkout(tmp_path_factory, pytestconfig):
    """A copy of the checkout without what a build or a test leaves behind."""
    target = tmp_path_factory.mktemp("packaging") / "checkout"
    shutil.copytree(pytestconfig.rootpath, target, ignore=LEFT_OUT)
    return target


@pytest.fixture(scope="session")
def distributions(checkout):
    """The sdist, and the wheel built from the sdist alone."""
    out = checkout.parent / "dist"
    run(sys.executable, "-m", "build", "--outdir", out, checkout, cwd=checkout.parent)
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return Distributions(wheel=wheel, sdist=sdist)


@pytest.fixture(scope="session")
def environment(distributions):
    """An empty virtual environment into which pip installed the wheel."""
    folder = distributions.wheel.parents[1] / "environment"
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-input"]
    run(*pip, distributions.wheel, cwd=folder.parent)
    return Environment(folder=folder)
