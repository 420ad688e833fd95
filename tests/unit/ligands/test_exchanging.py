"""Molecules exchanged in layered crystals and on particles: contacts, charges, what stays."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.spatial import cKDTree

from heterobuild import labels
from heterobuild.architectures.particle import carve_particle
from heterobuild.compounds.loading import load_crystal
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.labels import Site
from heterobuild.ligands.exchanging import exchange_molecules
from heterobuild.model import Heterostructure
from heterobuild.spacers.contact_radii import contact_sums
from heterobuild.validation import check


def layered(name, repeat=(2, 2, 1)):
    """Return a layered crystal as a periodic model."""
    crystal = load_crystal(name)
    steps = np.array(list(np.ndindex(*repeat))) @ crystal.cell
    part = labels.repeat(crystal.atoms, steps, np.diag(repeat) @ crystal.cell)
    for array in ("region", "layer"):
        part.arrays[array] = np.ones(len(part), dtype=int)
    return Heterostructure(name=name, atoms=part, regions=(), molecules=crystal.molecules)


def smallest_ratio(atoms):
    """Return the smallest contact of molecules over the van der Waals sum, images included."""
    from ase.neighborlist import neighbor_list

    i, j, distance, shift = neighbor_list("ijdS", atoms, 3.4)
    unit = labels.units(atoms)
    molecule = (atoms.arrays["molecule"][i] > 0) | (atoms.arrays["molecule"][j] > 0)
    kept = ((unit[i] != unit[j]) | shift.any(axis=1)) & molecule
    none = np.zeros(len(atoms), dtype=bool)
    sums = contact_sums((atoms.numbers, atoms.numbers), (none, none))[0]
    ratio = distance[kept] / sums[i[kept], j[kept]]
    acceptors = np.isin(atoms.numbers, (7, 8, 9, 17, 35, 53))
    hydrogen = atoms.numbers == 1
    pairs = (hydrogen[i] & acceptors[j]) | (hydrogen[j] & acceptors[i])
    return ratio[~pairs[kept]].min(), ratio[pairs[kept]].min(initial=np.inf)


@pytest.fixture(scope="module")
def crystal():
    return layered("PEA2CsPb2I7")


def test_spacers_of_a_layered_crystal_change_and_all_else_stays(crystal):
    built = exchange_molecules(crystal, {"Br-PEA": 0.25}, among="PEA", seed=3)
    count = round(0.25 * len(np.unique(crystal.atoms.arrays["molecule"])[1:]))
    (entry,) = built.ledger
    assert (entry.action, entry.species, entry.count) == ("exchanged", "PEA → BrPEA", count)
    assert (entry.site, entry.charge) == ("SPACER", 0.0)
    atoms = built.atoms
    assert Counter(atoms.symbols)["Br"] == count
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0.0, abs=1e-9)
    assert set(atoms.arrays["site"][atoms.numbers == 35].tolist()) == {Site.SPACER}
    ions = atoms.arrays["molecule"] == 0
    before = crystal.atoms.arrays["molecule"] == 0
    assert (atoms.positions[ions] == crystal.atoms.positions[before]).all()
    nitrogen = cKDTree(crystal.atoms.positions[crystal.atoms.numbers == 7])
    assert nitrogen.query(atoms.positions[atoms.numbers == 7])[0].max() <= 0.6 + 1e-6
    plain, bridge = smallest_ratio(atoms)
    assert plain >= 0.8
    assert bridge >= 0.7


def test_two_kinds_and_the_same_seed(crystal):
    runs = [
        exchange_molecules(crystal, {"Br-PEA": 0.2, "mFPEA": 0.2}, among="PEA", seed=s)
        for s in (1, 1, 2)
    ]
    assert runs[0].atoms.positions.tobytes() == runs[1].atoms.positions.tobytes()
    assert runs[0].atoms.positions.tobytes() != runs[2].atoms.positions.tobytes()
    assert runs[0].steps[-1].values["counts"].keys() == {"BrPEA", "mFPEA"}


def test_molecules_too_large_are_refused_with_what_fits(crystal):
    with pytest.raises(NothingFitsError) as caught:
        exchange_molecules(layered("PEA2CsPb2I7", (1, 1, 1)), {"BrDMA": 0.25}, among="PEA")
    assert "0 BrDMA" in str(caught.value)
    assert "Next: leave BrDMA out, or choose slimmer" in str(caught.value)


def test_cations_of_a_particle_make_way():
    cube = carve_particle("CsPbBr3_cubic", octahedra=2, vacuum=40.0)
    built = exchange_molecules(cube, {"Br-DMA": 0.25}, among="Cs")
    outer = 27 - 1 - 7
    assert built.ledger[-1].species == "Cs → BrDMA"
    assert built.ledger[-1].count == round(0.25 * outer)
    ligand = built.atoms.arrays["site"] == Site.LIGAND
    assert (built.atoms.numbers[ligand] == 7).sum() == built.ledger[-1].count
    # The box of the cube stays, so the longer molecules take from its vacuum.
    errors = {finding.check for finding in check(built).findings if finding.level == "error"}
    assert errors <= {"vacuum"}


@pytest.mark.parametrize(
    ("fractions", "among", "words"),
    [
        ({"oleate": 0.1}, "PEA", "charges differ"),
        ({"BrPEA": 0.7, "mFPEA": 0.7}, "PEA", "fractions"),
        ({}, "PEA", "fractions"),
        ({"BrPEA": 0.5}, "BA", "no BA"),
    ],
)
def test_nonsense_is_refused(crystal, fractions, among, words):
    with pytest.raises(UsageError, match=words):
        exchange_molecules(crystal, fractions, among=among)
