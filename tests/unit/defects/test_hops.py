from itertools import pairwise

import numpy as np
import pytest
from ase.mep import interpolate
from ase.mep.neb import idpp_interpolate
from ase.neighborlist import neighbor_list

from heterobuild.chemistry.ions import radius_table
from heterobuild.defects import Hop, halide_hop
from heterobuild.errors import UsageError
from heterobuild.validation import check


def closest(atoms, atom):
    """Return the shortest contact of one ion with other ions over the sum of ionic radii."""
    i, j, length = neighbor_list("ijd", atoms, 5.0)
    radii = radius_table()[atoms.numbers]
    chosen = (i == atom) & (atoms.arrays["molecule"][j] == 0)
    return (length / (radii[i] + radii[j]))[chosen].min()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_atom_moves_by_the_edge_of_an_octahedron(model, seed):
    initial, final = halide_hop(model, seed=seed)
    assert (initial.name, final.name) == (f"{model.name}-initial", f"{model.name}-final")
    assert np.array_equal(initial.atoms.numbers, final.atoms.numbers)
    assert np.array_equal(initial.atoms.cell.array, final.atoms.cell.array)
    moved = np.linalg.norm(final.atoms.positions - initial.atoms.positions, axis=1)
    (atom,) = np.flatnonzero(moved > 1e-9)
    assert atom == initial.steps[-1].values["atom"]
    assert moved[atom] == pytest.approx(initial.steps[-1].values["length_A"])
    assert 3.7 < moved[atom] < 4.8  # no jump by a lattice vector
    assert initial.atoms.symbols[atom] in ("Cl", "Br", "I")
    for name, array in initial.atoms.arrays.items():
        same = np.array_equal(array, final.atoms.arrays[name], equal_nan=array.dtype.kind == "f")
        assert same == (name != "positions")


def test_the_hop_leads_across_the_wall_around_one_cation(model):
    initial, final = halide_hop(model, seed=1)
    atom = initial.steps[-1].values["atom"]
    bound = []
    for built in (initial, final):
        i, j, length = neighbor_list("ijd", built.atoms, 3.9)
        radii = radius_table()[built.atoms.numbers]
        site = built.atoms.arrays["site"]
        bonds = (i == atom) & (site[j] == 2) & (length < 1.2 * (radii[i] + radii[j]))
        bound.append(set(j[bonds].tolist()))
    assert len(bound[0] & bound[1]) == 1
    values = initial.steps[-1].values
    assert values["from"] != values["into"]
    assert values["defects"][0]["region"] == values["into"]


def test_both_ends_pass_the_checks_and_are_neutral(model):
    for built in halide_hop(model, seed=1):
        report = check(built)
        assert report.passed, [f.message for f in report.findings if f.level == "error"]
        assert built.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)


@pytest.mark.filterwarnings("ignore:The default method has changed:UserWarning")
@pytest.mark.parametrize("method", ["linear", "idpp"])
def test_a_band_between_both_ends_makes_sense(stack, method):
    initial, final = halide_hop(stack, seed=1)
    images = [initial.atoms.copy() for _ in range(6)] + [final.atoms.copy()]
    interpolate(images, mic=True)
    if method == "idpp":
        idpp_interpolate(images, traj=None, log=None, mic=True)
    atom = initial.steps[-1].values["atom"]
    contacts = [closest(image, atom) for image in images]
    assert min(contacts) > 0.6
    assert contacts[0] > 0.85
    assert contacts[-1] > 0.85
    steps = [np.linalg.norm(b.positions - a.positions, axis=1).max() for a, b in pairwise(images)]
    assert max(steps) < 1.0


def test_species_and_side_are_as_asked_for(stack):
    into_film, _ = halide_hop(stack, Hop(into="film"), seed=0)
    assert into_film.steps[-1].values["into"] == "film"
    assert into_film.atoms.symbols[into_film.steps[-1].values["atom"]] == "Cl"
    back, _ = halide_hop(stack, Hop(species="Br"), seed=0)
    assert back.steps[-1].values["into"] == "substrate"


def test_the_charge_may_be_left(stack):
    for built in halide_hop(stack, Hop(compensate="none"), seed=0):
        assert built.atoms.arrays["formal_charge"].sum() == pytest.approx(1)
        assert len(built.atoms) == len(stack.atoms) - 1
        assert check(built).passed


def test_what_compensates_is_not_next_to_the_path(dot, shortest):
    initial, _ = halide_hop(dot, Hop(into="matrix"), seed=0)
    one, other = (np.array(e["position_A"]) for e in initial.steps[-1].values["defects"])
    assert shortest(other - one, dot.atoms) > 12.0


@pytest.mark.parametrize(
    ("hop", "words"),
    [
        (Hop(into="fil"), "into 'fil'.*film"),
        (Hop(species="I"), "no I can jump.*Br, Cl"),
    ],
)
def test_hops_that_are_not_there_are_refused(stack, hop, words):
    with pytest.raises(UsageError, match=words):
        halide_hop(stack, hop)


def test_a_hop_keeps_clear_of_other_defects(dot):
    from heterobuild.defects import add_defects, parse_defect

    disturbed = add_defects(dot, [parse_defect("20x V_Br matrix")], seed=1)
    marks = disturbed.atoms.arrays["defect"]
    assert (marks != 0).sum() > 20
    for seed in range(5):
        initial, _ = halide_hop(disturbed, seed=seed)
        atom = initial.steps[-1].values["atom"]
        kept = len(disturbed.atoms) - len(initial.atoms)
        assert kept == 2
        before = np.abs(disturbed.atoms.positions - initial.atoms.positions[atom]).sum(axis=1)
        assert marks[before.argmin()] == 0
