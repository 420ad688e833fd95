"""Properties of the checks: what must not matter does not, what must matter does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.labels import label
from heterobuild.model import Heterostructure, Region
from heterobuild.validation import check

A = 5.874
BASIS = np.array([(0.5, 0.5, 0.5), (0, 0, 0), (0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5)])


def crystal(deformation=None, repeats=(3, 3, 3)):
    """Return CsPbBr3 as one region, deformed."""
    deformation = np.eye(3) if deformation is None else deformation
    grid = np.stack(np.meshgrid(*map(np.arange, repeats), indexing="ij"), axis=-1).reshape(-1, 3)
    points = (grid[:, None] + BASIS[None]).reshape(-1, 3) * A @ deformation
    n = len(grid)
    atoms = Atoms(
        ["Cs", "Pb", "Br", "Br", "Br"] * n,
        points,
        cell=np.diag(repeats) * A @ deformation,
        pbc=True,
    )
    zeros = np.zeros(5 * n, dtype=int)
    atoms = label(
        atoms,
        site=np.tile([1, 2, 3, 3, 3], n),
        molecule=zeros,
        kind=zeros,
        charge=np.tile([1.0, 2.0, -1.0, -1.0, -1.0], n),
        region=1,
        layer=1,
    )
    region = Region(
        code=1,
        name="film",
        crystal="CsPbBr3",
        formula="CsPbBr3",
        cell=np.eye(3) * A,
        strain=np.zeros((3, 3)),
    )
    return Heterostructure(name="crystal", atoms=atoms, regions=(region,))


def signature(report):
    return sorted(
        (f.check, f.level, round(f.value, 5) if isinstance(f.value, float) else f.value)
        for f in report.findings
    )


@settings(max_examples=15, deadline=None)
@given(
    shift=st.tuples(*[st.floats(-50, 50)] * 3),
    order=st.randoms(use_true_random=False),
    wrapped=st.booleans(),
)
def test_shift_order_and_wrapping_do_not_matter(shift, order, wrapped):
    built = crystal(np.diag([0.98, 1.02, 1.01]))
    atoms = built.atoms.copy()
    atoms.positions += shift
    if wrapped:
        atoms.wrap()
    index = list(range(len(atoms)))
    order.shuffle(index)
    assert signature(check(replace(built, atoms=atoms[index]))) == signature(check(built))


small = st.floats(-0.03, 0.03)


@settings(max_examples=25, deadline=None)
@given(st.tuples(small, small, small, small, small, small))
def test_strain_is_measured_as_applied(parts):
    xx, yy, zz, xy, xz, yz = parts
    strain = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    built = crystal(np.eye(3) + strain)
    declared = replace(built, regions=(replace(built.regions[0], strain=strain),))
    finding = next(f for f in check(declared).findings if f.check == "strain")
    assert finding.value == pytest.approx(0.0, abs=1e-9)
    silent = next(f for f in check(built).findings if f.check == "strain")
    assert silent.value == pytest.approx(np.abs(strain).max(), abs=1e-9)
    if abs(np.abs(strain).max() - 0.002) > 1e-9:
        assert silent.level == ("error" if np.abs(strain).max() > 0.002 else "info")


@settings(max_examples=25, deadline=None)
@given(number=st.integers(0, 134), other=st.integers(0, 134), distance=st.floats(0.0, 1.5))
def test_an_atom_set_onto_another_is_always_an_error(number, other, distance):
    built = crystal()
    if number == other:
        return
    atoms = built.atoms.copy()
    atoms.positions[number] = atoms.positions[other] + [0, 0.6 * distance, 0.8 * distance]
    report = check(replace(built, atoms=atoms))
    errors = [f for f in report.findings if f.level == "error" and f.check == "contacts"]
    assert any({number, other} <= set(f.atoms) for f in errors)


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 134), min_size=1, max_size=4))
def test_charge_is_what_was_taken_away(removed):
    built = crystal()
    kept = np.setdiff1d(np.arange(135), list(removed))
    charge = -float(built.atoms.arrays["formal_charge"][list(removed)].sum())
    report = check(replace(built, atoms=built.atoms[kept]))
    finding = next(f for f in report.findings if f.check == "charge")
    assert finding.value == pytest.approx(charge)
    assert finding.level == ("error" if abs(charge) > 1e-6 else "info")
