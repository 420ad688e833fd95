import sys
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pytest

from heterobuild import labels
from heterobuild.model import Crystal, Estimate, Heterostructure, LedgerEntry, Region, Step

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


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """A crystal as it is.

    Parameters
    ----------
    expected : int, optional
        Number of atoms that the estimate tells.
    needed : int, optional
        Bytes that it tells.
    strain : list of float, optional
        Principal strains that the region tells.
    dots : int, optional
        Number of entries in the ledger.
    tidy : bool, optional
        Nothing.
    """

    expected: int = 5
    needed: int = 1000
    strain: tuple[float, float, float] = (0.0, 0.0, 0.0)
    dots: int = 1
    tidy: bool = True

    def estimate(self, crystal: Crystal) -> Estimate:
        return Estimate(atoms=self.expected, memory=self.needed)

    def build(self, crystal: Crystal, *, name: str = "bulk", seed: int = 0) -> Heterostructure:
        atoms = crystal.atoms.copy()
        for array in (labels.REGION, labels.LAYER):
            atoms.arrays[array] = np.ones(len(atoms), dtype=int)
        region = Region(
            code=1,
            name="bulk",
            crystal=crystal.name,
            formula=crystal.formula,
            cell=crystal.cell,
            strain=np.diag(self.strain),
        )
        entries = [
            LedgerEntry(
                action="removed",
                species="Cs",
                site="A",
                count=10,
                charge=-10.0,
                where=f"wall of dot {number}",
                why="neutrality: remove-A",
            )
            for number in range(1, self.dots + 1)
        ]
        return Heterostructure(
            name=name,
            atoms=atoms,
            regions=(region,),
            steps=(Step(name="size", choice="asked 1 octahedron, reached 1"),),
            ledger=tuple(entries),
        )


@pytest.fixture
def bulk(monkeypatch):
    """Add an architecture of one crystal; return the command that builds it without writing."""
    from heterobuild.architectures import ARCHITECTURES

    module = ModuleType("bulk_of_one_crystal")
    module.Bulk = Bulk
    monkeypatch.setitem(sys.modules, "bulk_of_one_crystal", module)
    monkeypatch.setitem(ARCHITECTURES, "whole_bulk", "bulk_of_one_crystal:Bulk")
    return ("build", "whole-bulk", "CsPbBr3_cubic")
