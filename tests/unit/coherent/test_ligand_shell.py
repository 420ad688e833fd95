"""Ligands that bring a charge, and ligands that cover a surface."""

import numpy as np
import pytest

from heterobuild.architectures.particle import carve_particle
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, SITE, Site
from heterobuild.validation import check


def test_anions_on_vacant_sites_bring_the_charge_of_a_bx2_cube():
    # A closed BX2 box of n³ octahedra has the charge 3 n − 1.
    built = carve_particle(
        "CsPbBr3_cubic",
        octahedra=3,
        termination="BX2",
        neutrality="ligands",
        ligands={"oleate": 1.0},
        coverage=0.0,
    )
    (entry,) = built.ledger
    assert (entry.action, entry.count, entry.charge) == ("added", 8, -8.0)
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0.0, abs=1e-9)
    assert check(built).passed


def test_cations_cannot_bring_a_positive_charge():
    with pytest.raises(UsageError, match="cannot bring it") as caught:
        carve_particle(
            "CsPbBr3_cubic",
            octahedra=3,
            termination="BX2",
            neutrality="ligands",
            ligands={"OLA": 1.0},
        )
    assert "anions among the ligands: none" in str(caught.value)


def test_whole_octahedra_leave_no_vacant_halide_sites():
    with pytest.raises(UsageError, match="0 vacant sites"):
        carve_particle("CsPbBr3_cubic", octahedra=3, neutrality="ligands", ligands={"oleate": 1.0})


@pytest.mark.parametrize("coverage", [0.25, 1.0])
def test_ammonium_takes_the_place_of_surface_cations(coverage):
    built = carve_particle("CsPbBr3_cubic", octahedra=3, ligands={"PEA": 1.0}, coverage=coverage)
    exchanged = next(entry for entry in built.ledger if entry.action == "exchanged")
    # 4³ A sites less the 2³ inside, less the 10 removed for neutrality.
    assert exchanged.count == round(coverage * (64 - 8 - 10))
    heads = (built.atoms.arrays[SITE] == Site.LIGAND) & (built.atoms.numbers == 7)
    assert heads.sum() == exchanged.count
    assert built.atoms.arrays[CHARGE].sum() == pytest.approx(0.0, abs=1e-9)


def test_tails_point_outward():
    built = carve_particle("CsPbBr3_cubic", octahedra=3, ligands={"OLA": 1.0}, coverage=0.5)
    atoms = built.atoms
    centre = atoms.positions[atoms.numbers == 82].mean(axis=0)
    for number in np.unique(atoms.arrays["molecule"])[1:]:
        members = atoms.arrays["molecule"] == number
        head = atoms.positions[members & (atoms.numbers == 7)][0] - centre
        tail = atoms.positions[members & (atoms.numbers == 6)].mean(axis=0) - centre
        assert np.linalg.norm(tail) > np.linalg.norm(head)
