from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.labels import Site
from heterobuild.model import Molecule, Source


def body(name: str) -> Molecule:
    return Molecule(
        name=name,
        formula="H2N",
        charge=1.0,
        numbers=np.array([7, 1, 1]),
        positions=np.zeros((3, 3)),
        charges=np.array([1.0, 0.0, 0.0]),
        head=(0,),
        source=Source(citation="made by hand"),
    )


def labelled(kind: int = 1, region: int = 1, layer: int = 1) -> Atoms:
    """One bromide and one molecule of three atoms, interleaved."""
    return labels.label(
        Atoms("NBrH2", positions=np.arange(12.0).reshape(4, 3), cell=np.eye(3) * 9, pbc=True),
        site=np.array([Site.A, Site.X, Site.A, Site.A]),
        molecule=np.array([3, 0, 3, 3]),
        kind=np.array([kind, 0, kind, kind]),
        charge=np.array([1.0, -1.0, 0.0, 0.0]),
        region=region,
        layer=layer,
    )


def test_labelling_leaves_the_given_atoms_alone() -> None:
    atoms = Atoms("Cs")
    ones = np.ones(1, dtype=int)
    result = labels.label(atoms, site=ones, molecule=0 * ones, kind=0 * ones, charge=1.0 * ones)
    assert labels.missing(atoms) == labels.NAMES
    assert labels.missing(result) == ()
    assert result.arrays["region"].tolist() == [0]


def test_units_are_numbered_as_they_appear() -> None:
    assert labels.units(labelled()).tolist() == [0, 1, 0, 0]


def test_copies_get_molecules_of_their_own() -> None:
    atoms = labelled()
    shifts = np.array([[0.0, 0, 0], [9, 0, 0], [18, 0, 0]])
    copies = labels.repeat(atoms, shifts, np.diag([27.0, 9, 9]))
    assert len(copies) == 12
    assert len(set(labels.units(copies).tolist())) == 6
    assert np.allclose(copies.positions[4:8], atoms.positions + [9, 0, 0])
    assert copies.arrays["molecule"][1::4].tolist() == [0, 0, 0]
    assert all(
        np.array_equal(copies.arrays[name], np.tile(atoms.arrays[name], 3))
        for name in ("site", "kind", "formal_charge", "region", "layer")
    )


def test_taking_keeps_order_labels_and_cell() -> None:
    picked = labels.take(labelled(), np.array([3, 1]))
    assert picked.numbers.tolist() == [1, 35]
    assert picked.arrays["site"].tolist() == [Site.A, Site.X]
    assert picked.arrays["formal_charge"].tolist() == [0.0, -1.0]
    assert np.allclose(picked.cell, np.eye(3) * 9)


def test_joining_keeps_molecules_apart_and_merges_kinds_by_name() -> None:
    first, second = body("MA"), body("FA")
    whole, table = labels.join(
        [
            (labelled(kind=1), (first, second)),
            (labelled(kind=1, region=2), (second,)),
            (labelled(kind=1, region=3), (first,)),
        ],
        cell=np.eye(3),
        pbc=(True, True, False),
    )
    assert [molecule.name for molecule in table] == ["MA", "FA"]
    assert whole.arrays["kind"].tolist() == [1, 0, 1, 1, 2, 0, 2, 2, 1, 0, 1, 1]
    assert len(set(whole.arrays["molecule"].tolist())) == 4
    assert whole.arrays["region"].tolist() == [1] * 4 + [2] * 4 + [3] * 4
    assert whole.pbc.tolist() == [True, True, False]


@pytest.mark.parametrize("name", ["region", "layer", "site"])
def test_unlabelled_atoms_are_not_joined(name: str) -> None:
    atoms = labelled()
    atoms.arrays[name] = np.array([1, 1, 0, 1])
    with pytest.raises(ValueError, match=f"{name} of a part holds 0"):
        labels.join([(atoms, (body("MA"),))], cell=np.eye(3), pbc=(True, True, True))


def test_parts_without_labels_are_not_joined() -> None:
    with pytest.raises(ValueError, match="lacks the arrays region, layer"):
        labels.join([(Atoms("Cs"), ())], cell=np.eye(3), pbc=(True, True, True))


def test_rigid_units_against_a_loop():
    rng = np.random.default_rng(0)
    for ids in (rng.integers(-1, 6, 40), rng.integers(0, 3, 40) * 10**12, np.zeros(5, dtype=int)):
        unit, first = labels.rigid_units(ids)
        seen = {}
        for atom, molecule in enumerate(ids.tolist()):
            key = ("molecule", molecule) if molecule > 0 else ("ion", atom)
            seen.setdefault(key, (len(seen), atom))
            assert unit[atom] == seen[key][0]
        assert first.tolist() == [atom for _, atom in seen.values()]


def test_further_arrays_are_kept_and_filled():
    first, second = labelled(), labelled(region=2)
    first.arrays["local_strain"] = np.array([0.1, 0.2, 0.3, 0.4])
    first.arrays["displacement"] = np.arange(12.0).reshape(4, 3)
    second.arrays["defect"] = np.array([0, -1, 2, 0])
    picked = labels.take(first, np.array([3, 0]))
    assert picked.arrays["local_strain"].tolist() == [0.4, 0.1]
    whole, _ = labels.join(
        [(picked, (body("MA"),)), (second, (body("MA"),))], cell=np.eye(3), pbc=(True,) * 3
    )
    assert whole.arrays["local_strain"][:2].tolist() == [0.4, 0.1]
    assert np.isnan(whole.arrays["local_strain"][2:]).all()
    assert whole.arrays["displacement"].shape == (6, 3)
    assert whole.arrays["displacement"][:2].tolist() == [[9.0, 10.0, 11.0], [0.0, 1.0, 2.0]]
    assert whole.arrays["defect"].tolist() == [0, 0, 0, -1, 2, 0]
    assert whole.arrays["defect"].dtype.kind == "i"
