"""Shells of other structures around a core."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.coherent.nested import ShellSize, nested_forms, part_names
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.incoherent.shell_parts import IncoherentShells
from heterobuild.incoherent.shells import incoherent_core_shell
from heterobuild.labels import CHARGE, LAYER, REGION, SITE, Site
from heterobuild.particles.options import ParticleShape

CUBIC, TETRAGONAL = load_crystal("CsPbBr3_cubic"), load_crystal("CsPb2Br5")
ISOLATED = load_crystal("Cs4PbBr6")
SMALL = ParticleShape(octahedra=2)


def built(crystals, sizes, *, shape=None, **options):
    core = shape or ParticleShape(octahedra=3)
    shells = tuple(
        ShellSize(**{"layers": None, "thickness": None, "outer": "", "cover": "all", **size})
        for size in sizes
    )
    plan = nested_forms(core, tuple(crystals), lattice="core", shells=shells)
    return incoherent_core_shell(
        crystals,
        plan.forms,
        part_names(len(crystals)),
        IncoherentShells(**{"shape": core, "registry": False, **options}),
        seed=1,
    )


def centre_of_b(found, code: int) -> np.ndarray:
    arrays = found.atoms.arrays
    chosen = (arrays[REGION] == code) & (arrays[SITE] == Site.B)
    return found.atoms.positions[chosen].mean(axis=0)


def test_two_shells_are_neutral_each_and_count_from_their_walls():
    found = built(
        [CUBIC, ISOLATED, TETRAGONAL],
        [{"thickness": 16.0, "outer": "sphere"}, {"thickness": 16.0}],
    )
    region, layer = found.atoms.arrays[REGION], found.atoms.arrays[LAYER]
    assert [r.name for r in found.regions] == ["core", "shell 1", "shell 2"]
    for code in (1, 2, 3):
        assert found.atoms.arrays[CHARGE][region == code].sum() == pytest.approx(0, abs=1e-9)
    assert layer[region == 1].max() == -1
    assert set(np.sign(layer[region == 2])) == {-1, 1}
    assert layer[region == 3].min() == 1
    assert [s.values["outer"] for s in found.steps if s.name == "wall"] == ["shell 1", "shell 2"]


def test_an_offset_moves_the_core():
    still = built([CUBIC, ISOLATED], [{"thickness": 18.0}])
    moved = built([CUBIC, ISOLATED], [{"thickness": 18.0}], offset=(0.0, 0.0, 4.0))
    shift = [centre_of_b(f, 1) - f.atoms.positions.mean(axis=0) for f in (still, moved)]
    assert (shift[1] - shift[0])[2] == pytest.approx(4.0, abs=1.0)


def test_a_cap_lies_on_one_side():
    found = built(
        [CUBIC, TETRAGONAL],
        [{"thickness": 18.0, "cover": "cap 60"}],
        shape=ParticleShape(kind="sphere", radius=14.0),
    )
    away = centre_of_b(found, 2) - centre_of_b(found, 1)
    assert away[2] > 10.0
    assert np.abs(away[:2]).max() < 4.0
    assert found.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)


def test_ligands_stand_outside():
    found = built([CUBIC, ISOLATED], [{"thickness": 18.0}], ligands={"MA": 1.0}, coverage=0.1)
    middle = centre_of_b(found, 1)
    ligands = found.atoms.arrays[SITE] == Site.LIGAND
    assert ligands.any()
    reach = np.abs(found.atoms.positions[ligands] - middle).max(axis=1)
    assert reach.min() > 1.5 * 5.874 + 10.0
    assert found.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)


def test_wires_and_shells_that_are_too_thin_are_refused():
    with pytest.raises(UsageError, match="no octahedron of the shell is left"):
        built([CUBIC, ISOLATED], [{"layers": 1}])
    with pytest.raises(UsageError, match="endless wire"):
        built([CUBIC, ISOLATED], [{"layers": 3}], shape=ParticleShape(kind="wire", octahedra=3))


def test_walls_have_a_policy_of_their_own():
    """Around a neutral core the cubic shell lacks cations, on its surface it has too many."""
    sizes = [{"thickness": 12.0}]
    shape = ParticleShape(octahedra=2)
    found = built([CUBIC, CUBIC], sizes, shape=shape, neutrality="remove-A")
    why = {entry.where: entry.why for entry in found.ledger if "neutrality" in entry.why}
    assert why["surface of core"] == why["surface of shell"] == "neutrality: remove-A"
    assert why["wall of core"] == "neutrality: remove-X"
    with pytest.raises(UsageError, match=r"policy remove-A leaves.*in wall of core"):
        built([CUBIC, CUBIC], sizes, shape=shape, neutrality="remove-A", wall_neutrality="remove-A")


def test_a_registered_shell_gains_octahedra():
    size, shape = [{"thickness": 16.0}], ParticleShape(octahedra=1)
    plain, found = (
        built([CUBIC, ISOLATED], size, shape=shape, registry=chosen) for chosen in (False, True)
    )
    counts = [
        int(((f.atoms.arrays[REGION] == 2) & (f.atoms.numbers == 82)).sum()) for f in (plain, found)
    ]
    step = next(step for step in found.steps if step.name == "registry")
    told = step.values["searches"][0]["octahedra_taken"]
    assert counts[1] - counts[0] >= told["unshifted"] - told["shifted"] > 0
    assert not [step for step in plain.steps if step.name == "registry"]


def test_the_lattice_of_a_thin_shell_moves_and_that_of_a_cap_stays():
    thin = built([CUBIC, TETRAGONAL], [{"thickness": 12.0}], shape=SMALL, registry=True)
    assert "registry" in [step.name for step in thin.steps]
    assert thin.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    cap = built(
        [CUBIC, TETRAGONAL],
        [{"thickness": 18.0, "cover": "cap 60"}],
        shape=ParticleShape(kind="sphere", radius=12.0),
        registry=True,
        covers=("cap 60",),
    )
    assert "registry" not in [step.name for step in cap.steps]


@pytest.mark.parametrize("policy", ["refuse", "remove-A"])
def test_a_policy_of_the_wall_is_not_forgotten_where_a_shell_is_thin(policy):
    with pytest.raises(UsageError, match=f"one policy.*found wall_neutrality {policy}"):
        built([CUBIC, TETRAGONAL], [{"thickness": 12.0}], shape=SMALL, wall_neutrality=policy)


def test_the_opening_of_a_thin_shell_tells_of_its_surface():
    thin, thick = (
        built([CUBIC, TETRAGONAL], [{"thickness": size}], shape=SMALL) for size in (12.0, 22.0)
    )
    said = [
        step.choice for found in (thin, thick) for step in found.steps if step.name == "opening"
    ]
    assert "for core and at the surface of shell, as" in said[0]
    assert "for core, as" in said[1]


def test_ligands_do_not_bring_the_charge():
    with pytest.raises(UsageError, match="neutrality cannot be left to ligands"):
        built([CUBIC, ISOLATED], [{"thickness": 18.0}], neutrality="ligands", ligands={"MA": 1.0})


def test_a_shell_without_room_names_its_size():
    with pytest.raises(UsageError, match=r"in layers or thickness.*raise layers or thickness of"):
        built([CUBIC, TETRAGONAL], [{"thickness": 5.0}])
