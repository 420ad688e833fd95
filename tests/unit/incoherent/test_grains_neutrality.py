import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.rotations import random_rotations
from heterobuild.incoherent.grains_clashes import Removal
from heterobuild.incoherent.grains_filling import Filling, chosen_sites, filled
from heterobuild.incoherent.grains_kept import without_contacts
from heterobuild.incoherent.grains_neutrality import LARGE, neutral_grains
from heterobuild.incoherent.grains_places import GrainPlace


def grain(name, radius=20.0, seed=1):
    place = GrainPlace(
        phase=0,
        centre=np.array([40.0, 0, 0]),
        corners=radius * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1),
        depth=lambda p: radius - np.linalg.norm(p, axis=1),
        beside={},
    )
    filling = Filling(gap=0.0, cations="random", seed=seed)
    turn = random_rotations(1, np.random.default_rng(seed))[0]
    chosen = chosen_sites(place, framework_of(load_crystal(name)), turn, filling, number=1)
    return filled(chosen, filling)


def untouched(grains):
    return without_contacts(
        grains,
        Removal(
            octahedra=tuple(np.zeros_like(g.octahedra) for g in grains),
            sites=tuple(np.zeros(g.draft.sites.species.size, dtype=bool) for g in grains),
            pairs=0,
        ),
    )


def neutral(grains, kept=None, policy="auto"):
    kept = kept or untouched(grains)
    return neutral_grains(grains, kept, policy, seed=1, endless=[False] * len(grains))


@pytest.mark.parametrize("name", ["CsPbBr3", "Cs4PbBr6", "CsPb2Br5", "CsCu2I3", "MAPbI3:cubic"])
def test_charge_and_dipole_of_the_atoms_are_gone(name):
    made = grain(name)
    (left,), ledger, _ = neutral([made])
    atoms = made.atoms[left.sites[made.site_of]]
    charge = atoms.arrays["formal_charge"]
    assert charge.sum() == 0
    assert sum(entry.charge for entry in ledger) == -made.draft.sites.charge
    if not (atoms.arrays["molecule"] > 0).any():
        assert np.linalg.norm(charge @ atoms.positions) < LARGE
    assert set(np.unique(atoms.arrays["molecule"], return_counts=True)[1][1:]) <= {8}


def test_isolated_octahedra_become_stoichiometric():
    made = grain("Cs4PbBr6")
    (left,), _, _ = neutral([made])
    numbers = made.atoms.numbers[left.sites[made.site_of]]
    lead = (numbers == 82).sum()
    assert (numbers == 55).sum() == 4 * lead
    assert (numbers == 35).sum() == 6 * lead


def test_a_negative_grain_loses_halides():
    """Cations of the surface were taken away before."""
    made = grain("CsPbBr3")
    roles = np.tile(made.draft.sites.block.framework.site, made.draft.sites.species.size // 20)
    deep = made.depth < 3
    gone = (roles == 1) & deep
    none = np.zeros_like(made.octahedra)
    kept = without_contacts([made], Removal(octahedra=(none,), sites=(gone,), pairs=1))
    assert kept[0].charge < 0
    (left,), ledger, step = neutral([made], kept)
    assert step.values["used"] == {"remove-X": 1}
    assert left.charge == 0
    assert ledger[0].species == "Br"
    assert ledger[0].charge == -kept[0].charge
    with pytest.raises(UsageError, match=r"policy remove-A leaves -\d+ e, in grain 1.*auto"):
        neutral([made], kept, "remove-A")


def test_refusals():
    made = grain("Cs4PbBr6")
    with pytest.raises(UsageError, match=r"formal charge is \+\d+ e and the policy refuse"):
        neutral([made], policy="refuse")
    with pytest.raises(UnknownNameError, match=r"'add-A' of grains.*auto, remove-A, remove-X"):
        neutral([made], policy="add-A")
