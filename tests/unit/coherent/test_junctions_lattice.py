"""Blocks of a junction: rows counted, atoms of the block against ASE's own supercell."""

import numpy as np
import pytest

from heterobuild.coherent.junctions_lattice import (
    deformed,
    junction_block,
    line_directions,
    line_periods,
    with_row_edge,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.labels import Site

CUBIC, TILTED = load_crystal("CsPbBr3:cubic"), load_crystal("CsPbBr3:orthorhombic")
BA, PEA, TWO = (load_crystal(name) for name in ("BA2PbI4", "PEA2PbI4", "BA2MAPb2I7"))


@pytest.mark.parametrize(
    ("crystal", "line", "counts"),
    [
        (CUBIC, (1, 0), (3, 7, 2)),
        (CUBIC, (1, 1), (2, 6, 3)),
        (CUBIC, (2, 1), (1, 10, 1)),
        (TILTED, (1, 0), (2, 8, 3)),
        (TILTED, (1, 1), (2, 6, 2)),
        (BA, (1, 0), (4, 6, 1)),
        (BA, (0, 1), (2, 4, 3)),
        (PEA, (1, 1), (1, 6, 2)),
        (TWO, (1, 1), (2, 4, 1)),
    ],
)
def test_each_row_has_as_many_octahedra(crystal, line, counts):
    made = junction_block(crystal, line, counts, (True, True))
    index = made.index[made.octahedra]
    thick = 2 if crystal is TWO else 1
    for axis, n in enumerate(counts):
        other = int(np.prod(counts)) // n * thick
        assert np.bincount(index[:, axis], minlength=n).tolist() == [other] * n
    volume = abs(np.linalg.det(crystal.cell)) / (crystal.atoms.arrays["site"] == Site.B).sum()
    layers = made.cell[2, 2] / (made.block.framework.cell @ made.rotation)[2, 2]
    assert len(made.block.framework.b_units) * np.prod(made.block.cells[:2]) * layers * volume == (
        pytest.approx(abs(np.linalg.det(made.cell)))
    )


@pytest.mark.parametrize("line", [(1, 0), (1, 1)])
def test_rows_are_where_they_are_counted(line):
    made = junction_block(BA, line, (4, 8, 2), (True, True))
    block = made.block
    y = np.stack([(block.positions(u) @ made.rotation)[:, 1] for u in block.framework.b_units], 1)
    y = y.reshape(block.octahedra)
    off = y - y[0, 0, 0, 0] - made.index[..., 1] * made.spacing[1]
    off -= np.rint(off / made.cell[1, 1]) * made.cell[1, 1]
    for sheet in (0, 1):  # sheets are staggered by half a square
        own = off[made.octahedra & (made.index[..., 2] == sheet)]
        assert np.abs(np.exp(2j * np.pi * (own - own[0]) / made.cell[1, 1]) - 1).max() < 1e-6


def test_free_faces_keep_all_halides_of_their_octahedra():
    made = junction_block(CUBIC, (1, 0), (3, 4, 2), (False, False))
    site = made.block.framework.site
    counts = [int(made.occupied[..., site == role].sum()) for role in (Site.A, Site.B, Site.X)]
    # a × b × c octahedra have (a + 1)(b + 1)(c + 1) cages and 3abc + ab + bc + ca halides.
    assert counts == [4 * 5 * 3, 24, 3 * 24 + 12 + 8 + 6]


def test_a_single_sheet_is_neutral_with_its_spacers():
    made = junction_block(BA, (1, 1), (2, 4, 1), (True, True))
    site, charge = made.block.framework.site, made.block.framework.charge
    assert int(made.occupied[..., site == Site.SPACER].sum()) == 2 * 8
    assert (made.occupied * charge).sum() == pytest.approx(0)


def test_frame_has_the_line_along_x_and_the_sheet_in_the_plane():
    made = junction_block(PEA, (1, 1), (1, 2, 1), (True, True))
    assert np.allclose(made.cell[0, 1:], 0, atol=1e-9)
    assert made.cell[1, 2] == pytest.approx(0, abs=1e-9)
    assert np.linalg.det(made.rotation) == pytest.approx(1)


def test_directions_are_right_handed():
    for line in ((1, 0), (0, 1), (1, -1), (-2, 1)):
        assert np.linalg.det(line_directions(line)) == pytest.approx(line[0] ** 2 + line[1] ** 2)
    assert line_periods(CUBIC, (1, 0)) == (1, 1, 1)
    assert line_periods(TILTED, (1, 1)) == (1, 1, 2)
    with pytest.raises(UsageError, match="pseudo-cubic"):
        line_periods(load_crystal("Cs4PbBr6"), (1, 0))


def test_strain_leaves_molecules_rigid():
    strained = deformed(BA, np.diag([1.1, 0.9, 1.0]))
    assert np.allclose(strained.cell, BA.cell @ np.diag([1.1, 0.9, 1.0]))
    for one, other in ((BA.atoms, strained.atoms),):
        own = one.arrays["molecule"] == 1
        before, after = one.positions[own], other.positions[own]
        gaps = [np.linalg.norm(p[:, None] - p[None], axis=2) for p in (before, after)]
        assert np.allclose(*gaps, atol=1e-9)


def test_the_edge_of_sheets_is_the_distance_of_rows():
    made = with_row_edge(junction_block(BA, (1, 1), (1, 4, 1), (True, True)))
    assert cube_edge(made.block.framework.crystal) == pytest.approx(made.spacing[1])
