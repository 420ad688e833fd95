import pytest

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


@pytest.fixture
def text():
    return RECIPE


@pytest.fixture
def make():
    """Return a function that makes a recipe of a text, as if read from r.yaml."""
    from pathlib import Path

    from heterobuild.recipes import recipe_from
    from heterobuild.recipes.document import parse_document
    from heterobuild.recipes.overrides import override

    def make(text, *settings, folder=Path()):
        return recipe_from(override(parse_document(text, origin="r.yaml", folder=folder), settings))

    return make
