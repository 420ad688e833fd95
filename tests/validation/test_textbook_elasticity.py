"""Elastic constants of well-known crystals against bulk moduli and mean moduli found elsewhere."""

from __future__ import annotations

import re

import numpy as np
import pytest

from heterobuild.chemistry.elasticity import plane_stress, stiffness
from heterobuild.compounds import load_crystal
from heterobuild.data_files import read_toml

# Isothermal bulk moduli in GPa from compression, not from sound.
BULK = {
    "MgO": 160.2,
    "SrTiO3": 174,
    "CaF2": 82,
    "NaCl": 23.8,
    "KCl": 17.4,
    "KBr": 14.8,
    "CsCl": 17.1,
    "CsBr": 15.6,
    "CsI": 12.0,
    "PbS": 53,
    "CuI": 36.6,
}


@pytest.mark.parametrize("name", BULK)
def test_cubic_constants_are_stable_and_give_the_bulk_modulus(name: str) -> None:
    found = stiffness(name, load_crystal(name).formula)
    assert not found.assumed
    c11, c12, c44 = found.matrix[0, 0], found.matrix[0, 1], found.matrix[3, 3]
    assert c11 > c12 > 0
    assert c44 > 0
    assert (c11 + 2 * c12) / 3 == pytest.approx(BULK[name], rel=0.2)


@pytest.mark.parametrize("name", ["GaN", "SiO2_quartz", "Al2O3_sapphire"])
def test_means_of_lower_symmetry_agree_with_pymatgen(name: str) -> None:
    from pymatgen.analysis.elasticity.elastic import ElasticTensor

    row = next(
        entry
        for entry in read_toml("elastic.toml")["engineering_constants"]
        if entry["phase"] == name
    )
    given = {key: float(value) for key, value in re.findall(r"C(\d\d) (-?[\d.]+)", row["notes"])}
    c11, c12, c13, c33, c44 = (given[key] for key in ("11", "12", "13", "33", "44"))
    c14 = given.get("14", 0.0)
    matrix = np.diag([c11, c11, c33, c44, c44, (c11 - c12) / 2])
    for i, j, value in (
        *((0, 1, c12), (0, 2, c13), (1, 2, c13)),
        *((0, 3, c14), (1, 3, -c14), (4, 5, c14)),
    ):
        matrix[i, j] = matrix[j, i] = value
    oracle = ElasticTensor.from_voigt(matrix)
    young = oracle.y_mod / 1e9  # pymatgen gives it in Pa
    assert row["young_modulus"] == pytest.approx(young, rel=0.005)
    assert row["poisson"] == pytest.approx(oracle.homogeneous_poisson, abs=0.005)
    assert row["bulk_modulus"] == pytest.approx(oracle.k_vrh, rel=0.005)
    assert stiffness(name, load_crystal(name).formula).assumed is False


@pytest.mark.parametrize("name", ["graphene", "hBN"])
def test_a_sheet_under_strain_in_its_plane_answers_as_the_whole_tensor_does(name: str) -> None:
    row = next(
        entry
        for entry in read_toml("elastic.toml")["engineering_constants"]
        if entry["phase"] == name
    )
    given = {key: float(value) for key, value in re.findall(r"C(\d\d) (-?[\d.]+)", row["notes"])}
    c11, c12, c13, c33 = (given[key] for key in ("11", "12", "13", "33"))
    whole = np.array([[c11, c12, 0], [c12, c11, 0], [0, 0, (c11 - c12) / 2]])
    whole[:2, :2] -= c13**2 / c33
    np.testing.assert_allclose(plane_stress(stiffness(name, name).matrix), whole, rtol=0.005)
