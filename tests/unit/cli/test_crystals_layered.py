import numpy as np
import pytest
from ase.io import read


def halide_gap(atoms):
    heights = np.sort(atoms.positions[atoms.numbers == 53, 2])
    return np.diff(heights, append=heights[0] + atoms.cell[2, 2]).max()


def test_gap_and_offset_are_as_wanted(heterobuild, tmp_path):
    outcome = heterobuild(
        *("crystals", "layered", "PEA2PbI4", "--gap", "10.6", "--offset", "0.5", "0"),
        *("--depth", "0.6"),
    )
    assert outcome.code == 0, outcome.err
    (file,) = (line for line in outcome.out.splitlines() if line.endswith(".cif"))
    atoms = read(tmp_path / file)
    assert halide_gap(atoms) == pytest.approx(10.6, abs=0.02)
    lead = atoms[atoms.numbers == 82]
    low, high = (lead.positions[lead.positions[:, 2] < atoms.cell[2, 2] / 2], lead.positions)
    assert len(high) == 2 * len(low)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("CsPbBr3",), "no layered crystal"),
        (("PEA2PbI4", "--gap", "2"), "fit"),
        (("PEA2Pb(Br0.5I0.5)4",), "no layered crystal"),
    ],
)
def test_what_cannot_be_built(heterobuild, arguments, said):
    outcome = heterobuild("crystals", "layered", *arguments)
    assert outcome.code == 2
    assert said in outcome.err
