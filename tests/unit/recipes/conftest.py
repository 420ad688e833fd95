import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Literal

import numpy as np
import pytest

from heterobuild import labels
from heterobuild.model import Crystal, Estimate, Heterostructure, Region, Step

RECIPE = """\
schema_version: 1
name: pair
seed: 7
parts:
  film: {crystal: CsPbBr3_cubic, miller: [0, 0, 1], layers: 6, bottom: CsBr, top: CsBr}
  substrate: {crystal: MAPbCl3_cubic, miller: "001", layers: 6, cations: dipole-cancelled}
build:
  kind: vertical
  limits: {max_strain: 0.05, max_area: 400}
  strain: film
  gap: auto
  vacuum: 15
export: [cif, poscar, lammps, extxyz]
"""

TOWER = """\
schema_version: 1
name: tower
parts:
  floor: {crystal: CsPbBr3}
  second: {crystal: CsPbCl3_cubic}
  first: {crystal: MAPbBr3_cubic}
build: {kind: cell_tower, form: square}
export: [extxyz]
"""


@dataclass(frozen=True, kw_only=True)
class Form:
    """Form of the cells.

    Parameters
    ----------
    kind : {"square", "long"}, optional
        Form.
    copies : int, optional
        Number of cells along x.
    """

    kind: Literal["square", "long"] = "square"
    copies: int = 1


@dataclass(frozen=True, kw_only=True)
class CellTower:
    """Unit cells on top of each other, without end.

    Parameters
    ----------
    form : Form, optional
        Form of the cells.
    dots : str, optional
        A file that names the tower.
    cations : {"aligned", "random"}, optional
        Rule of molecular cations.
    ligands : dict of str to float, optional
        Molecules that are only named.
    each : int, optional
        Expected bytes an atom.
    """

    form: Form = field(default_factory=Form)
    dots: str | None = None
    cations: Literal["aligned", "random"] = "aligned"
    ligands: dict[str, float] = field(default_factory=dict)
    each: int = 1000

    def estimate(self, floor: Crystal, *floors: Crystal) -> Estimate:
        atoms = self.form.copies * sum(len(crystal.atoms) for crystal in (floor, *floors))
        return Estimate(atoms=atoms, memory=self.each * atoms)

    def build(
        self, floor: Crystal, *floors: Crystal, name: str = "tower", seed: int = 0, names=()
    ) -> Heterostructure:
        cell, found, regions = floor.cell, [], []
        for code, (part, crystal) in enumerate(zip(names, (floor, *floors), strict=True), 1):
            atoms = crystal.atoms.copy()
            atoms.set_cell(cell, scale_atoms=not crystal.molecules)
            atoms.positions += (code - 1) * cell[2]
            atoms.arrays[labels.REGION] = np.full(len(atoms), code)
            atoms.arrays[labels.LAYER] = np.full(len(atoms), code)
            found.append(atoms)
            regions.append(
                Region(
                    code=code,
                    name=part,
                    crystal=crystal.name,
                    formula=crystal.formula,
                    cell=crystal.cell,
                    strain=np.zeros((3, 3)),
                )
            )
        tower = found[0]
        for atoms in found[1:]:
            tower.extend(atoms)
        tower.set_cell(cell * np.array([[1], [1], [len(found)]]))
        said = "" if self.dots is None else Path(self.dots).read_text()
        return Heterostructure(
            name=name,
            atoms=tower,
            regions=tuple(regions),
            molecules=next((c.molecules for c in (floor, *floors) if c.molecules), ()),
            steps=(Step(name="size", choice=f"{len(found)} cells {said}"),),
        )


@pytest.fixture
def text():
    return RECIPE


@pytest.fixture
def tower(monkeypatch):
    """Add an architecture of one named part and any number of further ones; return a recipe."""
    from heterobuild.architectures import ARCHITECTURES

    module = ModuleType("tower_of_cells")
    module.CellTower = CellTower
    monkeypatch.setitem(sys.modules, "tower_of_cells", module)
    monkeypatch.setitem(ARCHITECTURES, "cell_tower", "tower_of_cells:CellTower")
    return TOWER


@pytest.fixture
def make():
    """Return a function that makes a recipe of a text, as if read from r.yaml."""
    from heterobuild.recipes import recipe_from
    from heterobuild.recipes.document import parse_document
    from heterobuild.recipes.overrides import override

    def make(text, *settings, folder=Path()):
        return recipe_from(override(parse_document(text, origin="r.yaml", folder=folder), settings))

    return make
