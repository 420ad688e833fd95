from __future__ import annotations

from math import cos, inf, log, pi, radians
from typing import TYPE_CHECKING

import numpy as np
import pytest
from ase import units
from scipy.spatial.transform import Rotation
from scipy.special import lambertw

from heterobuild.architectures.vertical import Vertical
from heterobuild.assembly.energy import (
    MEV_PER_GPA_A3,
    areal_energy,
    burgers_length,
    critical_thickness,
    part_energy,
)
from heterobuild.assembly.part import turned_part
from heterobuild.chemistry.elasticity import (
    VOIGT,
    cubic_stiffness,
    free_normal_strain,
    isotropic_stiffness,
    turn_stiffness,
)
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILM, SUBSTRATE = ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "PbCl2")
FILM_A, BASE_A = 5.874, 5.605  # Å, CsPbBr3 and CsPbCl3, cubic
STRAIN = np.array([[0.02, 0.004], [0.004, -0.01]])


def energies(film: str = "CsPbBr3_cubic", **options: object) -> Mapping[str, object]:
    ours = cut_slab(load_crystal(film), "001", layers=2)
    theirs = cut_slab(load_crystal("CsPbCl3_cubic"), "001", layers=2)
    limits = MatchLimits(max_strain=0.06, max_area=50)
    built = Vertical(limits=limits, **options).build(ours, theirs)  # type: ignore[arg-type]
    (step,) = [step for step in built.steps if step.name == "elastic energy"]
    return dict(step.values) | {"choice": step.choice}


def test_unit_of_energy() -> None:
    assert pytest.approx(1000 * units.GPa, rel=1e-6) == MEV_PER_GPA_A3


def test_energy_is_the_work_of_the_stress_on_the_way() -> None:
    rotation = Rotation.random(random_state=4).as_matrix()
    matrix = turn_stiffness(cubic_stiffness(42.0, 7.0, 4.0), rotation)
    stretch = np.linspace(0, 1, 201)
    power = []
    for part in stretch:
        full = free_normal_strain(matrix, part * STRAIN)
        voigt = [full[pair] * (1 if pair[0] == pair[1] else 2) for pair in VOIGT]
        stress = matrix @ voigt
        power.append(stress[0] * 0.02 + stress[1] * -0.01 + stress[5] * 2 * 0.004)
    work = np.trapezoid(power, stretch) * units.GPa * 1000
    assert areal_energy(matrix, STRAIN, 30.0) == pytest.approx(30.0 * work, rel=1e-6)


def test_energy_does_not_depend_on_the_frame_in_the_plane() -> None:
    matrix = turn_stiffness(
        cubic_stiffness(42.0, 7.0, 4.0), Rotation.random(random_state=6).as_matrix()
    )
    spin = Rotation.from_euler("z", 33, degrees=True).as_matrix()
    turned = spin[:2, :2].T @ STRAIN @ spin[:2, :2]
    assert areal_energy(turn_stiffness(matrix, spin), turned, 10.0) == pytest.approx(
        areal_energy(matrix, STRAIN, 10.0)
    )


def test_energy_of_an_isotropic_film() -> None:
    young, nu, strain = 15.0, 0.3, 0.01
    energy = areal_energy(isotropic_stiffness(young, nu), strain * np.eye(2), 100.0)
    assert energy == pytest.approx(young / (1 - nu) * strain**2 * 100 * 6.241509, rel=1e-6)
    assert areal_energy(isotropic_stiffness(young, nu), np.zeros((2, 2)), 100.0) == 0


def test_a_part_keeps_its_energy_when_it_is_turned(bring: Callable) -> None:
    film, substrate, _ = bring(FILM, SUBSTRATE)
    # C11 = 42, C12 = 7 GPa, two layers.
    modulus = 42 + 7 - 2 * 7**2 / 42
    expected = modulus * log(BASE_A / FILM_A) ** 2 * 2 * FILM_A * 1000 * units.GPa
    assert part_energy(film) == pytest.approx(expected)
    assert part_energy(turned_part(film, np.array([1.0, 0.0]))) == pytest.approx(expected)
    assert part_energy(substrate) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("misfit", [0.0005, 0.003, -0.01, 0.025])
@pytest.mark.parametrize("poisson", [0.2, 0.35])
@pytest.mark.parametrize("angles", [(90, 0), (60, 60), (90, 45)])
def test_critical_thickness_against_lamberts_function(
    misfit: float, poisson: float, angles: tuple[int, int]
) -> None:
    burgers, alpha, glide = 5.9, *(cos(radians(angle)) for angle in angles)
    scale = (1 - poisson * alpha**2) / (8 * pi * abs(misfit) * (1 + poisson) * glide)
    assert scale > 1
    expected = burgers * float(-scale * lambertw(-1 / (np.e * scale), -1).real)
    found = critical_thickness(
        misfit, burgers=burgers, poisson=poisson, cos_alpha=alpha, cos_lambda=glide
    )
    assert found == pytest.approx(expected, rel=1e-9)


def test_critical_thickness_of_germanium_in_silicon() -> None:
    # 60° dislocations, Si(0.8)Ge(0.2) on Si: the model is known to give 10 to 20 nm.
    found = critical_thickness(
        0.2 * 0.0418, burgers=3.84, poisson=0.28, cos_alpha=0.5, cos_lambda=0.5
    )
    assert found is not None
    assert 100 < found < 200


def test_critical_thickness_at_its_ends() -> None:
    assert critical_thickness(0.0, burgers=5.9, poisson=0.3) == inf
    assert critical_thickness(1e-10, burgers=5.9, poisson=0.3) == inf
    assert critical_thickness(0.01, burgers=5.9, poisson=0.3, cos_lambda=0.0) == inf
    largest = 1 / (8 * pi * 1.3)
    assert critical_thickness(largest * 1.001, burgers=5.9, poisson=0.3) is None
    found = critical_thickness(largest * 0.9999, burgers=5.9, poisson=0.3)
    assert found == pytest.approx(5.9, rel=0.05)


@pytest.mark.parametrize(
    ("crystal", "hkl", "length"),
    [
        ("CsPbBr3_cubic", "001", FILM_A),
        ("CsPbBr3_cubic", "110", FILM_A),
        ("CsPbBr3_cubic", "111", FILM_A * 2**0.5),
        # P4/mbm: a = √2 a_pc, so the pseudo-cubic vector lies along [110].
        ("CsPbBr3_tetragonal", "001", 8.259 / 2**0.5),
        ("NaCl", "001", 5.640 / 2**0.5),
    ],
)
def test_burgers_vectors(crystal: str, hkl: str, length: float) -> None:
    slab = cut_slab(load_crystal(crystal), hkl, layers=1)
    assert burgers_length(slab) == pytest.approx(length, rel=2e-3)


def test_the_step_adds_up() -> None:
    values = energies(strain="shared")
    film, substrate = values["film_meV_per_A2"], values["substrate_meV_per_A2"]
    assert isinstance(film, float)
    assert isinstance(substrate, float)
    assert film > 0
    assert substrate > 0
    assert values["total_meV_per_A2"] == pytest.approx(film + substrate)
    area = FILM_A * BASE_A
    assert values["total_eV_per_cell"] == pytest.approx((film + substrate) * area / 1000)
    assert "estimate" in str(values["choice"])
    assert "GGA" in str(values["film_elastic_source"])


def test_both_parts_of_a_sandwich_count() -> None:
    single, double = energies(), energies(periodic="sandwich")
    for key in ("film_meV_per_A2", "film_thickness_A", "total_eV_per_cell"):
        assert double[key] == pytest.approx(2 * single[key])  # type: ignore[operator]
    assert double["substrate_thickness_A"] == single["substrate_thickness_A"]


def test_nothing_strained_costs_nothing() -> None:
    values = energies("CsPbCl3_cubic")
    assert values["total_meV_per_A2"] == 0
    assert values["total_eV_per_cell"] == 0
    assert values["choice"] == "none, nothing is strained"
    assert "critical_thickness_A" not in values


def test_critical_thickness_belongs_to_the_misfit_not_to_its_sharing() -> None:
    found = [energies("CsSnBr3_cubic", strain=s) for s in ("film", "shared", "stiffness")]
    for values in found:
        assert values["critical_misfit_logarithmic"] == pytest.approx(log(5.795 / BASE_A), rel=1e-4)
    assert all(values["critical_thickness_A"] is None for values in found)
    assert "below 5.8 Å" in str(found[0]["choice"])
    assert "critical_thickness_A" not in energies(strain="substrate")


def test_a_film_of_small_misfit() -> None:
    ours = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2)
    theirs = cut_slab(load_crystal("CsSnBr3_cubic"), "001", layers=2)
    built = Vertical(limits=MatchLimits(max_area=50)).build(ours, theirs)
    (step,) = [step for step in built.steps if step.name == "elastic energy"]
    assert built.match is not None
    expected = critical_thickness(built.match.log_strain, burgers=FILM_A, poisson=0.321)
    assert step.values["critical_thickness_A"] == pytest.approx(expected, rel=5e-3)
    assert f"about {step.values['critical_thickness_A']:.0f} Å" in step.choice


def test_rounding_is_told_as_zero() -> None:
    # Lattice vectors of the two crystals multiply out to 1e-16, and their energy to 1e-29.
    text = str(energies(strain="film")["choice"])
    assert "substrate 0 meV/Å²" in text
    assert "e-" not in text
