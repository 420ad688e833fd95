from typing import NamedTuple

import pytest

RECIPE = """\
schema_version: 1
name: pair
seed: 7
parts:
  film: {crystal: CsPbBr3_cubic, miller: [0, 0, 1], layers: 2, bottom: CsBr, top: CsBr}
  substrate: {crystal: MAPbCl3_cubic, miller: [0, 0, 1], layers: 2, cations: dipole-cancelled}
build:
  kind: vertical
  limits: {max_strain: 0.05, max_area: 100}
export: [cif, poscar]
"""


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def heterobuild(capsys, tmp_path, monkeypatch):
    """Return a function that runs the command line in an empty folder."""
    from heterobuild.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as leaving:
            main(list(arguments))
        captured = capsys.readouterr()
        return Outcome(int(leaving.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE)
    return path
