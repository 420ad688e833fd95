import numpy as np
import pytest

from heterobuild.crystals.cations import RULES, check_rule, orient_cations, pseudocubic_directions
from heterobuild.crystals.library import load_phase
from heterobuild.errors import UnknownNameError
from heterobuild.labels import repeat, take


def supercell(name, *counts):
    crystal = load_phase(name)
    grid = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), axis=-1).reshape(-1, 3)
    atoms = repeat(crystal.atoms, grid @ crystal.cell, crystal.cell * np.array(counts)[:, None])
    return crystal, atoms


def turn(crystal, atoms, rule, seed=0, axes=None):
    axes = pseudocubic_directions(crystal.cell, crystal.pseudocubic) if axes is None else axes
    return orient_cations(
        atoms,
        crystal.molecules,
        placed=crystal.placed,
        rule=rule,
        axes=axes,
        rng=np.random.default_rng(seed),
    )


def axes_of(atoms):
    """C to N in methylammonium, from the coordinates."""
    vectors = []
    for i in range(1, atoms.arrays["molecule"].max() + 1):
        mine = atoms.arrays["molecule"] == i
        carbon = atoms.positions[mine & (atoms.numbers == 6)][0]
        nitrogen = atoms.positions[mine & (atoms.numbers == 7)].mean(axis=0)
        vectors.append((nitrogen - carbon) / np.linalg.norm(nitrogen - carbon))
    return np.array(vectors)


def centres_of(atoms):
    heavy = (atoms.arrays["molecule"] > 0) & (atoms.numbers != 1)
    ids = atoms.arrays["molecule"][heavy]
    return np.array(
        [atoms.positions[heavy][ids == i].mean(axis=0) for i in range(1, ids.max() + 1)]
    )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["MAPbBr3_cubic", "FAPbI3_alpha", "MAPbI3_orthorhombic"])
def test_molecules_turn_rigidly_about_their_centres(name, rule):
    crystal, atoms = supercell(name, 2, 1, 2)
    turned, _ = turn(crystal, atoms, rule)
    np.testing.assert_allclose(centres_of(turned), centres_of(atoms), atol=1e-9)
    body = crystal.molecules[0]
    ideal = np.linalg.norm(body.positions[:, None] - body.positions[None], axis=2)
    volume = np.linalg.det(body.positions[[0, 2, 3]] - body.positions[1])
    for i in range(1, turned.arrays["molecule"].max() + 1):
        part = turned.positions[turned.arrays["molecule"] == i]
        np.testing.assert_allclose(
            np.linalg.norm(part[:, None] - part[None], axis=2), ideal, atol=1e-9
        )
        assert np.linalg.det(part[[0, 2, 3]] - part[1]) == pytest.approx(volume, abs=1e-9)
    ions = atoms.arrays["molecule"] == 0
    np.testing.assert_array_equal(turned.positions[ions], atoms.positions[ions])


def test_input_is_left_alone():
    crystal, atoms = supercell("MAPbBr3_cubic", 2, 2, 2)
    before = atoms.positions.copy()
    turn(crystal, atoms, "random")
    np.testing.assert_array_equal(atoms.positions, before)


def test_aligned_follows_the_first_axis():
    crystal, atoms = supercell("MAPbBr3_cubic", 2, 2, 1)
    turned, step = turn(crystal, atoms, "aligned", axes=np.eye(3)[[2, 0, 1]])
    np.testing.assert_allclose(axes_of(turned), [[0, 0, 1]] * 4, atol=1e-9)
    assert step.values["MA"]["directions"] == {"+a": 4}
    assert step.values["MA"]["net_axis_after"] == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "counts", [(2, 1, 1), (1, 1, 3), (2, 2, 2), (3, 1, 1), (5, 1, 1), (3, 3, 3)]
)
def test_dipoles_cancel_exactly(counts):
    crystal, atoms = supercell("MAPbBr3_cubic", *counts)
    turned, step = turn(crystal, atoms, "dipole-cancelled")
    np.testing.assert_allclose(axes_of(turned).sum(axis=0), 0, atol=1e-9)
    assert step.values["MA"]["net_axis_after"] == [0.0, 0.0, 0.0]
    assert sum(step.values["MA"]["directions"].values()) == np.prod(counts)


def test_neighbours_oppose_in_an_even_lattice():
    crystal, atoms = supercell("MAPbBr3_cubic", 4, 2, 2)
    turned, _ = turn(crystal, atoms, "dipole-cancelled")
    axes, centres = axes_of(turned), centres_of(turned)
    offsets = centres[:, None] - centres[None]
    fractional = offsets @ np.linalg.inv(atoms.cell.array)
    fractional -= np.round(fractional)
    near = np.abs(np.linalg.norm(fractional @ atoms.cell.array, axis=2) - 5.92) < 1e-6
    np.testing.assert_allclose((axes @ axes.T)[near], -1, atol=1e-9)


def test_one_cation_alone_cannot_cancel_and_the_step_says_so():
    crystal, atoms = supercell("MAPbBr3_cubic", 1, 1, 1)
    turned, step = turn(crystal, atoms, "dipole-cancelled")
    np.testing.assert_allclose(axes_of(turned), [[1, 0, 0]], atol=1e-9)
    assert "cannot cancel" in step.choice


def test_random_uses_all_six_directions_and_its_seed():
    crystal, atoms = supercell("MAPbBr3_cubic", 5, 5, 5)
    turned, step = turn(crystal, atoms, "random", seed=4)
    again, _ = turn(crystal, atoms, "random", seed=4)
    other, _ = turn(crystal, atoms, "random", seed=5)
    assert set(step.values["MA"]["directions"]) == {"+a", "-a", "+b", "-b", "+c", "-c"}
    np.testing.assert_array_equal(turned.positions, again.positions)
    assert np.abs(turned.positions - other.positions).max() > 0.5
    assert np.abs(np.abs(axes_of(turned)).max(axis=1) - 1).max() < 1e-9


def test_order_of_the_atoms_does_not_matter():
    crystal, atoms = supercell("FAPbBr3_cubic", 2, 1, 1)
    by_species = take(atoms, np.argsort(atoms.numbers, kind="stable"))
    turned, _ = turn(crystal, by_species, "dipole-cancelled")
    expected, _ = turn(crystal, atoms, "dipole-cancelled")
    for species in np.unique(atoms.numbers):
        ours = turned.positions[turned.numbers == species]
        theirs = expected.positions[expected.numbers == species]
        distance = np.linalg.norm(ours[:, None] - theirs[None], axis=2)
        assert distance.min(axis=1).max() < 1e-9


def test_step_is_ready_for_json():
    import json

    crystal, atoms = supercell("MAPbI3_tetragonal", 1, 1, 1)
    _, step = turn(crystal, atoms, "random")
    assert json.loads(json.dumps(dict(step.values)))["MA"]["count"] == 4


def test_nothing_to_turn_is_said():
    crystal = load_phase("CsPbBr3_cubic")
    turned, step = turn(crystal, crystal.atoms, "random")
    np.testing.assert_array_equal(turned.positions, crystal.atoms.positions)
    assert step.choice == "no molecular cation to orient"


def test_broken_molecule_is_refused():
    crystal, atoms = supercell("MAPbBr3_cubic", 1, 1, 1)
    with pytest.raises(ValueError, match="not whole"):
        turn(crystal, take(atoms, np.arange(1, len(atoms))), "aligned")


def test_unknown_rule_is_refused_with_a_hint():
    with pytest.raises(UnknownNameError) as caught:
        check_rule("alligned")
    assert "did you mean aligned" in caught.value.next_step


def test_directions_are_orthonormal_and_right_handed_in_every_crystal():
    for name in ("CsPbBr3", "MAPbI3", "FAPbI3_alpha_trigonal", "PEA2PbI4", "FAPbI3_delta"):
        crystal = load_phase(name)
        frame = pseudocubic_directions(crystal.cell, crystal.pseudocubic)
        np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(frame) > 0


def test_directions_follow_the_pseudocubic_axes():
    crystal = load_phase("MAPbI3_tetragonal")
    frame = pseudocubic_directions(crystal.cell, crystal.pseudocubic)
    expected = np.array([[1, -1, 0], [1, 1, 0], [0, 0, 2**0.5]]) / 2**0.5
    np.testing.assert_allclose(frame, expected, atol=1e-12)
