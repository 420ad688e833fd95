"""Mixtures of any shares: exact numbers, no charge, nothing cut, whatever the seed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.architectures.bulk import Bulk
from heterobuild.compounds import load_crystal

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
RICH, TILTED = load_crystal("Cs4PbBr6"), load_crystal("CsPbBr3")
KINDS = st.sampled_from(["bicontinuous", "grains", "inclusions"])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(kind=KINDS, share=st.floats(0.05, 0.95), seed=st.integers(0, 999), cells=st.integers(5, 9))
def test_coherent_shares_are_exact(kind, share, seed, cells):
    options = {} if kind == "bicontinuous" else {"grains": 4}
    built = Bulk(
        morphology=kind, cells=cells, volume_fractions=(share, 1 - share), elastic=False, **options
    ).build(IODIDE, BROMIDE, seed=seed)
    region, numbers = built.atoms.arrays["region"], built.atoms.numbers
    lead = numbers == 82
    assert abs((region[lead] == 1).sum() - share * cells**3) <= 0.5 + 1e-6
    assert len(numbers) == 5 * cells**3
    assert set(numbers[region == 1]) <= {55, 82, 53}
    assert built.atoms.arrays["formal_charge"].sum() == 0


@settings(max_examples=6, deadline=None, derandomize=True)
@given(kind=KINDS, share=st.floats(0.3, 0.7), seed=st.integers(0, 999))
def test_incoherent_grains_are_neutral_and_whole(kind, share, seed):
    built = Bulk(
        morphology=kind, box=68.0, grains=3, volume_fractions=(share, 1 - share),
        wall="incoherent", correlation_length=20.0 if kind == "bicontinuous" else None,
    ).build(RICH, TILTED, seed=seed)  # fmt: skip
    atoms, values = built.atoms, built.steps[0].values
    assert abs(values["volume_fractions"][0] - share) <= 0.01
    for number in np.unique(atoms.arrays["grain"]).tolist():
        assert atoms.arrays["formal_charge"][atoms.arrays["grain"] == number].sum() == 0
    assert values["units"]["Pb"] == sum(values["octahedra"].values())
