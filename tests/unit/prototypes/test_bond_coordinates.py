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
