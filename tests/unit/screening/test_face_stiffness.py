import numpy as np
import pytest

from heterobuild.assembly.energy import areal_energy
from heterobuild.assembly.part import slab_stiffness
from heterobuild.chemistry.elasticity import plane_stress
from heterobuild.compounds import load_crystal
from heterobuild.screening.face_frames import face_frames
from heterobuild.screening.face_stiffness import energy_densities, face_stiffness
from heterobuild.screening.rows import COLUMNS, task_rows
from heterobuild.screening.specification import plan_screen
from heterobuild.slabs import cut_slab

C11, C12, C44 = 42.0, 7.0, 4.0
MEV = 6.241509  # meV/Å³ in a GPa
BIAXIAL = {  # GPa; energy density M ε² of an equal strain, from the theory of cubic crystals
    (0, 0, 1): C11 + C12 - 2 * C12**2 / C11,
    (1, 1, 1): 6 * C44 * (C11 + 2 * C12) / (C11 + 2 * C12 + 4 * C44),
}


def stiffness_of(crystal, faces):
    return face_stiffness(crystal, face_frames(crystal, faces)[1])


@pytest.mark.parametrize("face", sorted(BIAXIAL))
def test_an_equal_strain_costs_the_biaxial_modulus(face):
    matrices, knowledge = stiffness_of(load_crystal("CsPbBr3_cubic"), [face])
    strain = 0.02 * np.eye(2)[None]
    found = energy_densities(matrices, np.array([0]), strain)
    assert knowledge == "known"
    assert found[0] == pytest.approx(BIAXIAL[face] * 0.02**2 * MEV, rel=1e-6)


def test_a_110_film_is_stiffer_along_001_than_across():
    (matrix,), _ = stiffness_of(load_crystal("CsPbBr3_cubic"), [(1, 1, 0)])
    soft, stiff = sorted(np.diag(matrix)[:2])
    # [001] keeps C11 against C12 and the mean of C11, C12 and C44 along the normal.
    normal = (C11 + C12 + 2 * C44) / 2
    across = (C11 + C12 + 2 * C44) / 2 - ((C11 + C12 - 2 * C44) / 2) ** 2 / normal
    assert stiff == pytest.approx(C11 - C12**2 / normal)
    assert soft == pytest.approx(across)


@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "MAPbI3_tetragonal", "Cs4PbBr6"])
def test_the_frame_is_that_of_the_slab(name):
    crystal = load_crystal(name)
    faces = [(0, 0, 1), (1, 0, 1), (1, 1, 1)]
    matrices, _ = stiffness_of(crystal, faces)
    strain = np.array([[0.02, 0.004], [0.004, -0.01]])
    energies = energy_densities(matrices, np.arange(3), np.array([strain] * 3))
    for face, matrix, energy in zip(faces, matrices, energies, strict=True):
        slab = cut_slab(crystal, face, layers=1)
        _, turned = slab_stiffness(slab)
        assert matrix == pytest.approx(plane_stress(turned), abs=1e-9)
        assert energy == pytest.approx(areal_energy(turned, strain, 1.0), abs=1e-12)


def test_unknown_constants_are_said():
    assert stiffness_of(load_crystal("Cs4PbBr6"), [(0, 0, 1)])[1] == "assumed"


def test_a_mixed_film_has_the_mean_stiffness_of_its_end_members():
    # C11, C12, C44 of cubic CsPbBr3 and CsPbI3: 42, 7, 4 and 34, 5, 3.5 GPa.
    (matrix,), knowledge = stiffness_of(load_crystal("CsPb(Br0.25I0.75)3:cubic"), [(0, 0, 1)])
    c11, c12, c44 = (0.25 * a + 0.75 * b for a, b in ((C11, 34), (C12, 5), (C44, 3.5)))
    assert knowledge == "mixed"
    assert matrix[0, 0] == pytest.approx(c11 - c12**2 / c11)
    assert matrix[0, 1] == pytest.approx(c12 - c12**2 / c11)
    assert matrix[2, 2] == pytest.approx(c44)
    assert stiffness_of(load_crystal("CsPb0.5Sr0.5Br3"), [(0, 0, 1)])[1] == "assumed"


def test_the_energy_of_a_row_is_that_of_its_strains():
    spec = plan_screen(["CsPbBr3_cubic"], ["MAPbCl3_cubic", "SrTiO3"])
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in task_rows(spec, (0, 0), {})]
    equal = [row for row in rows if row["strain_1"] == row["strain_2"]]
    cubes = [row for row in equal if row["film_face"] == "0 0 1"]
    assert len(cubes) > 2
    rounding = 2 * C11 * 0.05 * 1e-6 * MEV  # strains are written with six decimals
    for row in cubes:
        expected = BIAXIAL[0, 0, 1] * np.log1p(float(row["strain_1"])) ** 2 * MEV
        assert float(row["film_energy_meV_per_A3"]) == pytest.approx(expected, abs=rounding)
        assert row["elastic_constants"] == "known"
    for row in rows:  # bounds: the eigenvalues of the plane-stress stiffness of any face
        strains = np.log1p([float(row["strain_1"]), float(row["strain_2"])])
        energy = float(row["film_energy_meV_per_A3"]) / MEV
        assert C44 * 0.5 * (strains**2).sum() < energy < C11 * (strains**2).sum()
