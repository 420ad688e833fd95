"""Any compound that can be written is read back, however it is written."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.chemistry.compounds import parse_compound, pure_members
from heterobuild.chemistry.formulas import written_unit
from heterobuild.chemistry.notation import written_amount
from heterobuild.chemistry.valences import balanced_charges, possible_charges
from heterobuild.errors import UsageError

A = ("Cs", "Rb", "MA", "FA")
B = ("Pb", "Sn", "Ge", "Sr", "Mn")
X = ("Cl", "Br", "I")
SPACERS = ("PEA", "BA", "R-MBA", "5AVA", "pFPEA")
DIAMMONIUM = ("4AMP", "3AMP")


@st.composite
def mixtures(draw, ions):
    """One to three ions with shares in hundredths, thirtieths or sevenths."""
    chosen = draw(
        st.lists(st.sampled_from(ions), min_size=1, max_size=min(3, len(ions)), unique=True)
    )
    parts = draw(st.sampled_from([100, 30, 7]))
    cuts = draw(
        st.lists(
            st.integers(1, parts - 1),
            min_size=len(chosen) - 1,
            max_size=len(chosen) - 1,
            unique=True,
        )
    )
    edges = [0, *sorted(cuts), parts]
    return {ion: Fraction(edges[i + 1] - edges[i], parts) for i, ion in enumerate(chosen)}


@st.composite
def compounds(draw):
    """Sites in the order of the formula: mixture and number of sites; structure type; layers."""
    a, b, x = draw(mixtures(A)), draw(mixtures(B)), draw(mixtures(X))
    kind = draw(st.sampled_from(["abx3", "a4bx6", "ab2x5", "rp", "dj"]))
    if kind in ("rp", "dj"):
        n = draw(st.integers(1, 8))
        spacers = draw(mixtures(SPACERS if kind == "rp" else DIAMMONIUM))
        sites = [(spacers, 2 if kind == "rp" else 1), (a, n - 1), (b, n), (x, 3 * n + 1)]
        name = "ruddlesden_popper" if kind == "rp" else "dion_jacobson"
        return [site for site in sites if site[1]], name, n
    counts = {"abx3": (1, 1, 3), "a4bx6": (4, 1, 6), "ab2x5": (1, 2, 5)}[kind]
    return list(zip((a, b, x), counts, strict=True)), kind, 0


def written(sites, *, shares, scale, backwards):
    """Write a formula with shares in parentheses or with plain amounts, in either order."""
    pieces = []
    for mixture, count in sites:
        order = sorted(mixture, reverse=backwards)
        if shares:
            inner = "".join(f"({ion}){written_amount(mixture[ion])}" for ion in order)
            pieces.append(f"({inner}){written_amount(Fraction(count * scale))}")
        else:
            pieces += [
                written_unit(ion) + written_amount(mixture[ion] * count * scale) for ion in order
            ]
    return "".join(reversed(pieces) if backwards else pieces)


@given(compounds(), st.booleans(), st.booleans(), st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_the_same_compound_from_every_spelling(compound, shares, backwards, scale):
    sites, prototype, layers = compound
    plain = parse_compound(written(sites, shares=False, scale=1, backwards=False))
    other = parse_compound(written(sites, shares=shares, scale=scale, backwards=backwards))
    assert (plain.prototype, plain.layers) == (prototype, layers)
    assert plain.sublattices == other.sublattices
    assert plain.formula == other.formula
    assert parse_compound(plain.formula) == plain
    assert "/" not in plain.formula


@given(compounds())
@settings(deadline=None, max_examples=60)
def test_what_is_read_is_neutral_and_made_of_its_members(compound):
    sites, *_ = compound
    found = parse_compound(written(sites, shares=False, scale=1, backwards=False))
    amounts = {ion: n for entry in found.sublattices for ion, n in entry.amounts}
    charges = balanced_charges(amounts)
    assert sum(charges[ion] * n for ion, n in amounts.items()) == 0
    members = pure_members(found)
    assert abs(sum(share for _, share in members) - 1) < 1e-12
    for entry in found.sublattices:
        for ion, amount in entry.amounts:
            held = sum(
                share * float(dict(member.on(entry.name).amounts).get(ion, 0))
                for member, share in members
            )
            assert abs(held - float(amount)) < 1e-9


@given(compounds(), st.data())
@settings(deadline=None, max_examples=60)
def test_a_changed_amount_is_refused(compound, data):
    sites, *_ = compound
    which = data.draw(st.integers(0, len(sites) - 1))
    ion = data.draw(st.sampled_from(sorted(sites[which][0])))
    changed = [(dict(mixture), count) for mixture, count in sites]
    changed[which][0][ion] += data.draw(st.sampled_from([Fraction(1, 7), Fraction(1, 100)]))
    text = written(changed, shares=False, scale=1, backwards=False)
    with pytest.raises(UsageError) as caught:
        parse_compound(text)
    assert caught.value.next_step


def test_the_ions_of_these_tests_have_their_usual_charges():
    assert {possible_charges(ion)[0] for ion in B} == {2}
