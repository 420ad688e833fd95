from fractions import Fraction

from heterobuild.model import Compound, Sublattice


def test_shares_sum_to_one_and_the_largest_is_the_parent():
    halides = Sublattice(name="X", amounts=(("Br", Fraction(6, 5)), ("I", Fraction(9, 5))))
    assert halides.total == 3
    assert dict(halides.shares) == {"Br": Fraction(2, 5), "I": Fraction(3, 5)}
    assert (halides.parent, halides.mixed) == ("I", True)


def test_a_sublattice_without_ions_is_empty():
    lead = Sublattice(name="B", amounts=(("Pb", Fraction(1)),))
    compound = Compound(formula="Pb", prototype="abx3", sublattices=(lead,))
    assert compound.on("B") is lead
    assert (compound.on("A").amounts, compound.mixed) == ((), False)
