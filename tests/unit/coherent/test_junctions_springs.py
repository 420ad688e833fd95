"""Springs of sheets against closed forms."""

import numpy as np
import pytest

from heterobuild.chemistry.elasticity import cubic_stiffness
from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.junctions_lattice import deformed, junction_block, with_row_edge
from heterobuild.coherent.junctions_phases import own_lengths
from heterobuild.coherent.junctions_springs import plane_stiffness, relax_sheet_sites
from heterobuild.coherent.parts import Parts
from heterobuild.compounds import load_crystal
from heterobuild.model import WallProfile

BA = load_crystal("BA2PbI4")


def test_plane_stiffness_is_that_of_a_free_plate():
    matrix = cubic_stiffness(35, 12, 5)
    strain = np.array([1e-3, 1e-3, -2 * 12 / 35 * 1e-3, 0, 0, 0])
    density = 0.5 * strain @ matrix @ strain / 160.21766208  # eV/Å³ of a free plate
    edge = 6.0
    springs = 2 * 0.5 * plane_stiffness(matrix, edge) * (edge * 1e-3) ** 2
    assert springs == pytest.approx(density * edge**3)


@pytest.mark.parametrize("factor", [0.97, 1.02])
def test_one_phase_returns_to_its_own_length(factor):
    strained = deformed(BA, np.diag([factor, factor, 1.0]))
    made = with_row_edge(junction_block(strained, (1, 1), (2, 4, 1), (True, True)))
    draft = draft_parts(
        made.block,
        made.occupied,
        Parts(names=("a",), crystals=(BA,), walls=(), shared="inner", profile=WallProfile()),
        rotation=made.rotation,
        centre=np.zeros(3),
        seed=0,
    )
    edge = own_lengths(strained, sheets=True)
    stretch = np.full(draft.sites.species.size, 1 / factor - 1)
    free = (True, True, False, False, False, False)
    found = relax_sheet_sites(draft, stretch, edge, free)
    assert np.diag(found.relaxed.strain)[:2] == pytest.approx([1 / factor - 1] * 2, rel=0.02)
    assert found.relaxed.energy_after < 0.01 * found.relaxed.energy_before
