import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.estimates.measured_lengths import bonds
from heterobuild.prototypes.builders import build_prototype


def bond_lengths(formula, phase=None, without=()):
    atoms = build_prototype(parse_compound(formula), phase, without=without).atoms
    b, _, lengths, _ = bonds(atoms)
    return {
        symbol: lengths[np.array(atoms.symbols)[b] == symbol]
        for symbol in dict.fromkeys(np.array(atoms.symbols)[b])
    }


@pytest.mark.parametrize(
    ("formula", "metal", "length"),
    [  # usual bonds of isolated octahedra in Å
        ("Rb2SnI6", "Sn", 2.85),
        ("Rb2SnBr6", "Sn", 2.60),
        ("Cs2PtBr6", "Pt", 2.47),
        ("Cs2PdCl6", "Pd", 2.31),
        ("Cs2TeBr6", "Te", 2.70),
        ("Rb2ZrCl6", "Zr", 2.46),
    ],
)
def test_isolated_octahedra_have_the_usual_bonds(formula, metal, length):
    lengths = bond_lengths(formula)[metal]
    assert len(lengths) == 24
    np.testing.assert_allclose(lengths, length, rtol=0.03)


def test_halides_of_double_perovskites_share_the_edge_by_the_radii():
    lengths = bond_lengths("Cs2AgInBr6")
    half = build_prototype(parse_compound("Cs2AgInBr6")).cell[0, 0] / 2
    np.testing.assert_allclose(lengths["Ag"] + lengths["In"], half)
    assert lengths["In"].max() < lengths["Ag"].min()


@pytest.mark.parametrize(("formula", "length"), [("CsNiBr3", 2.55), ("CsMgI3", 2.90)])
def test_chains_of_shared_faces(formula, length):
    """Ni-Br and Mg-I bonds of the CsNiCl3 type."""
    (lengths,) = bond_lengths(formula, "2H").values()
    assert len(lengths) == 12
    np.testing.assert_allclose(lengths, length, rtol=0.03)


@pytest.mark.parametrize(
    ("formula", "phase", "like"),
    [
        ("FA4PbBr6", None, "Cs4PbBr6"),
        ("MA4PbI6", None, "Cs4PbI6"),
        ("FAPbI3", "delta", "CsPbI3"),
        ("MASnI3", "delta", "CsSnI3"),
        ("FAPb2Br5", None, "CsPb2Br5"),
        ("FA2AgBiBr6", None, "Cs2AgBiBr6"),
    ],
)
def test_molecules_on_a_do_not_stretch_the_bonds(formula, phase, like):
    """Within 3 % of those with Cs, 2 % where octahedra or chains are separate; FA is 12 % more."""
    wide, usual = bond_lengths(formula, phase), bond_lengths(like, phase)
    for metal, lengths in usual.items():
        np.testing.assert_allclose(wide[metal], lengths, rtol=0.032 if phase is None else 0.015)
    if formula in {"FA4PbBr6", "MA4PbI6"}:
        np.testing.assert_allclose(wide["Pb"], usual["Pb"], rtol=1e-6)
