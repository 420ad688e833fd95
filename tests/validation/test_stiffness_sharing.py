"""Misfit shared by stiffness: closed forms, least energy, and structures measured again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.linalg import expm, logm
from scipy.optimize import minimize
from scipy.spatial.transform import Rotation

from heterobuild.architectures.vertical import Vertical
from heterobuild.assembly.common_cell import least_energy_stretch
from heterobuild.chemistry.elasticity import cubic_stiffness, isotropic_stiffness, turn_stiffness
from heterobuild.compounds import load_crystal
from heterobuild.geometry.strain import polar
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab
from heterobuild.validation import check

if TYPE_CHECKING:
    from heterobuild.model import Heterostructure

MISFIT = np.array([[0.03, 0.008], [0.008, -0.02]])
CUBIC = cubic_stiffness(42.0, 7.0, 4.0)
SOFT = isotropic_stiffness(15.0, 0.3)
HELD = np.ix_([0, 1, 5], [0, 1, 5])


def spin(angle: float, size: int = 2) -> np.ndarray:
    """Rotation of row vectors about the normal."""
    return Rotation.from_euler("z", angle, degrees=True).as_matrix().T[:size, :size]


def share(
    deformation: np.ndarray,
    stiffness: tuple[np.ndarray, np.ndarray],
    thickness: tuple[float, float],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    theirs = least_energy_stretch([deformation], stiffness, thickness)
    ours, rotation = polar(deformation @ theirs)
    return ours, theirs, rotation


def energy(strain: np.ndarray, matrix: np.ndarray, thickness: float) -> float:
    """Energy by the compliance: without stress along the normal only three components count."""
    held = np.array([strain[0, 0], strain[1, 1], 2 * strain[0, 1]])
    return float(thickness / 2 * held @ np.linalg.inv(np.linalg.inv(matrix)[HELD]) @ held)


def triclinic(seed: int) -> np.ndarray:
    half = np.random.default_rng(seed).standard_normal((6, 6))
    return 4 * (half @ half.T) + 5 * np.eye(6)


@pytest.mark.parametrize("angle", [0.0, 30.0])
@pytest.mark.parametrize(
    ("thickness", "part"), [((8, 8), 1 / 2), ((5, 15), 3 / 4), ((3, 1), 1 / 4)]
)
def test_alike_layers_share_by_thickness(
    thickness: tuple[float, float], part: float, angle: float
) -> None:
    ours, theirs, rotation = share(expm(MISFIT) @ spin(angle), (SOFT, SOFT), thickness)
    assert np.allclose(logm(ours), part * MISFIT)
    assert np.allclose(logm(theirs), spin(angle).T @ ((part - 1) * MISFIT) @ spin(angle))
    assert np.allclose(rotation, spin(angle))


@pytest.mark.parametrize("seed", range(3))
def test_a_rigid_side_takes_nothing(seed: int) -> None:
    deformation = expm(MISFIT) @ spin(40.0)
    rigid = 1e9 * triclinic(seed)
    ours, theirs, _ = share(deformation, (triclinic(seed + 9), rigid), (10, 20))
    assert np.allclose(logm(ours), MISFIT, atol=1e-8)
    assert np.allclose(theirs, np.eye(2), atol=1e-8)
    ours, theirs, _ = share(deformation, (rigid, triclinic(seed + 9)), (10, 20))
    assert np.allclose(ours, np.eye(2), atol=1e-8)
    assert np.allclose(logm(theirs), -spin(40.0).T @ MISFIT @ spin(40.0), atol=1e-8)


def test_equal_misfit_of_two_cubic_films_is_shared_by_their_biaxial_moduli() -> None:
    stiff, soft = cubic_stiffness(60, 20, 15), cubic_stiffness(30, 8, 5)
    moduli = [60 + 20 - 2 * 20**2 / 60, 30 + 8 - 2 * 8**2 / 30]
    ours, theirs, _ = share(1.03 * np.eye(2), (stiff, soft), (20.0, 35.0))
    part = 35.0 * moduli[1] / (20.0 * moduli[0] + 35.0 * moduli[1])
    assert np.allclose(ours, 1.03**part * np.eye(2))
    assert np.allclose(theirs, 1.03 ** (part - 1) * np.eye(2))


@pytest.mark.parametrize("seed", range(4))
def test_the_energy_is_least(seed: int) -> None:
    matrices, thickness = (triclinic(seed), triclinic(seed + 20)), (12.0, 31.0)
    ours, _, _ = share(expm(MISFIT), matrices, thickness)

    def total(strain: np.ndarray) -> float:
        return energy(strain, matrices[0], thickness[0]) + energy(
            strain - MISFIT, matrices[1], thickness[1]
        )

    def symmetric(x: np.ndarray) -> np.ndarray:
        return np.array([[x[0], x[2]], [x[2], x[1]]])

    found, least = np.real(logm(ours)), total(np.real(logm(ours)))
    rng = np.random.default_rng(seed)
    for _ in range(50):
        step = symmetric(rng.normal(scale=10 ** rng.uniform(-5, -1), size=3))
        assert total(found + step) >= least
    free = minimize(lambda x: 1e4 * total(symmetric(x)), np.zeros(3), tol=1e-14)
    assert np.allclose(symmetric(free.x), found, atol=1e-6)
    assert least < min(total(MISFIT), total(0 * MISFIT), total(MISFIT / 2))


@pytest.mark.parametrize("seed", range(4))
def test_both_sides_land_on_one_cell_and_add_up_to_third_order(seed: int) -> None:
    film = np.array([[5.1, 0.0], [1.3, 7.2]])
    errors = []
    for scale in (1.0, 0.5):
        deformation = expm(scale * MISFIT) @ spin(25.0)
        ours, theirs, rotation = share(deformation, (triclinic(seed), CUBIC), (10, 10))
        assert np.allclose(film @ ours @ rotation, film @ deformation @ theirs, atol=1e-12)
        assert np.allclose(ours, ours.T)
        assert np.allclose(theirs, theirs.T)
        assert np.allclose(rotation @ rotation.T, np.eye(2))
        assert np.linalg.det(rotation) == pytest.approx(1)
        left = np.real(spin(25.0) @ logm(theirs) @ spin(25.0).T)
        errors.append(np.abs(np.real(logm(ours)) - left - scale * MISFIT).max())
    assert errors[0] < 1e-5
    assert errors[1] < errors[0] / 6


@pytest.mark.parametrize("seed", range(3))
def test_the_result_does_not_depend_on_the_frames_of_the_slabs(seed: int) -> None:
    matrices, thickness = (triclinic(seed), triclinic(seed + 5)), (9.0, 14.0)
    plain = share(expm(MISFIT) @ spin(10.0), matrices, thickness)
    first, second = spin(50.0), spin(-75.0)
    turned = share(
        first.T @ expm(MISFIT) @ spin(10.0) @ second,
        (turn_stiffness(matrices[0], spin(50.0, 3)), turn_stiffness(matrices[1], spin(-75.0, 3))),
        thickness,
    )
    assert np.allclose(turned[0], first.T @ plain[0] @ first)
    assert np.allclose(turned[1], second.T @ plain[1] @ second)
    assert np.allclose(turned[2], first.T @ plain[2] @ second)


PAIRS = {
    "cubic 001": (("CsPbBr3_cubic", "001"), ("CsPbCl3_cubic", "001"), 60),
    "cubic 110": (("CsPbBr3_cubic", "110"), ("CsPbCl3_cubic", "110"), 60),
    "oblique 321": (("CsPbBr3_cubic", "321"), ("CsPbCl3_cubic", "321"), 140),
    "hexagonal on 111": (("Cs4PbBr6", "001"), ("CsPbBr3_cubic", "111"), 250),
    "orthorhombic film": (("CsPbBr3_orthorhombic", "010"), ("MAPbCl3_cubic", "001"), 100),
    "orthorhombic 100": (("CsPbBr3_orthorhombic", "100"), ("CsPbCl3_cubic", "110"), 200),
}


def build(pair: str, strain: str, **options: object) -> Heterostructure:
    film, substrate, area = PAIRS[pair]
    limits = MatchLimits(max_strain=0.07, max_area=area)
    slabs = [cut_slab(load_crystal(name), hkl, layers=3) for name, hkl in (film, substrate)]
    return Vertical(limits=limits, strain=strain, **options).build(*slabs)  # type: ignore[arg-type]


@pytest.mark.parametrize("pair", PAIRS)
def test_strain_measured_again_from_the_atoms(pair: str) -> None:
    built = build(pair, "stiffness")
    findings = [f for f in check(built).findings if f.check == "strain"]
    assert len(findings) == 2
    for finding in findings:
        assert finding.level == "info"
        assert finding.value is not None
        assert finding.value < 1e-6
    assert all(np.abs(region.strain[:2, :2]).max() > 1e-3 for region in built.regions)


@pytest.mark.parametrize(
    ("pair", "periodic"),
    [(pair, "superlattice") for pair in PAIRS]
    + [(pair, "sandwich") for pair in PAIRS if "oblique" not in pair],
)
def test_no_other_sharing_costs_less(pair: str, periodic: str) -> None:
    total = {}
    for strain in ("stiffness", "film", "substrate", "shared"):
        steps = build(pair, strain, periodic=periodic).steps
        (values,) = (step.values for step in steps if step.name == "elastic energy")
        total[strain] = values["total_meV_per_A2"]
    assert min(total, key=lambda strain: float(total[strain])) == "stiffness"  # type: ignore[arg-type]
