"""The programs of the Crystallography Open Database find no error in the CIF."""

from __future__ import annotations

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.client
# A model has no authors, journal or displacement parameters.
BIBLIOGRAPHY = ("_publ_", "_journal_")


@pytest.mark.skipif(shutil.which("cifparse") is None, reason="cod-tools are not installed")
def test_cif_syntax(built, written):
    file = written / f"{built.name}.cif"
    done = subprocess.run(["cifparse", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("OK")


@pytest.mark.skipif(shutil.which("cif_cod_check") is None, reason="cod-tools are not installed")
def test_cif_contents(built, written):
    file = written / f"{built.name}.cif"
    done = subprocess.run(["cif_cod_check", str(file)], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    named = [line for line in lines if f"data_{built.name}:" in line]
    assert done.returncode == 0, done.stderr
    assert named, "the program looked at nothing"
    assert [line for line in named if not any(tag in line for tag in BIBLIOGRAPHY)] == []
