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


@pytest.mark.parametrize("ligands", [{"DFPPO": 1.0}, {"ODAP": 1.0}, {"DFPPO": 0.5, "OLA": 0.5}])
def test_neutral_ligands_take_the_places_of_surplus_cations(ligands):
    # A cube with AX faces of n³ octahedra has (n + 1)³ A and 3 n² (n + 1) X: 10 e for n = 3.
    options = {"octahedra": 3, "neutrality": "ligands", "ligands": ligands, "coverage": 0.0}
    built = carve_particle("CsPbBr3_cubic", **options)
    name = next(iter(ligands))
    (entry,) = built.ledger
    assert (entry.action, entry.species) == ("exchanged", f"Cs → {name}")
    assert (entry.site, entry.count, entry.charge) == ("A", 10, -10.0)
    atoms = built.atoms
    assert (atoms.numbers == 55).sum() == 54
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0.0, abs=1e-9)
    assert check(built).passed
    bare = carve_particle("CsPbBr3_cubic", octahedra=3)
    lead = [model.atoms.positions[model.atoms.numbers == 82] for model in (built, bare)]
    shift = lead[1].mean(axis=0) - lead[0].mean(axis=0)
    cs = [model.atoms.positions[model.atoms.numbers == 55] for model in (built, bare)]
    # The same ions leave as where nothing takes their places.
    gap = np.linalg.norm(cs[0][:, None] + shift - cs[1][None], axis=2).min(axis=1)
    assert gap.max() < 1e-6
    head = 8 if name == "DFPPO" else 7
    sites = np.array(list(np.ndindex(4, 4, 4))) * 5.874
    sites += lead[0].mean(axis=0) - sites.mean(axis=0)
    empty = np.linalg.norm(sites[:, None] - cs[0][None], axis=2).min(axis=1) > 1.0
    heads = atoms.positions[(atoms.arrays[SITE] == Site.LIGAND) & (atoms.numbers == head)]
    reach = np.linalg.norm(heads[:, None] - sites[empty][None], axis=2).min(axis=1)
    assert reach.max() < 2.0


@pytest.mark.parametrize(
    "options",
    [
        {"termination": "BX2", "neutrality": "ligands", "ligands": {"oleate": 1.0}},
        {"termination": "BX2", "neutrality": "ligands", "ligands": {"oleate": 0.5, "ODAP": 0.5}},
    ],
)
def test_the_ligands_that_bring_a_charge_leave_no_dipole(options):
    built = carve_particle("CsPbBr3_cubic", octahedra=4, coverage=0.0, **options)
    (found,) = [finding for finding in check(built).findings if finding.check == "dipole"]
    assert found.level == "info"
    # 11 heads 0.4 Å below their sites: an odd number of unit normals cannot cancel.
    assert found.value < 0.4 * np.sqrt(3) + 1e-3


@pytest.mark.parametrize("octahedra", [3, 4])
@pytest.mark.parametrize("ligands", [{"ODAP": 1.0}, {"OLA": 0.5, "oleate": 0.5}])
def test_covering_ligands_leave_hardly_a_dipole(octahedra, ligands):
    built = carve_particle(
        "CsPbBr3_cubic", octahedra=octahedra, ligands=ligands, coverage=0.3, seed=1
    )
    (found,) = [finding for finding in check(built).findings if finding.check == "dipole"]
    # One zwitterion has 4 e·Å.
    assert found.value < 2.5
