import numpy as np
import pytest

from heterobuild.alloys.mixing import mixed_crystal
from heterobuild.architectures.vertical import Vertical
from heterobuild.assembly.filling import Frame, fill_cell
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab
from heterobuild.validation import check


@pytest.fixture
def slab():
    return cut_slab(load_crystal("MAPbCl3_cubic"), "001", layers=2, cations="dipole-cancelled")


def fill(slab, repeats, seed=0):
    frame = Frame(cell=5.68 * np.eye(2), repeats=repeats, seed=seed)
    return fill_cell(
        "substrate",
        slab,
        frame,
        deformation=np.eye(3),
        rotation=np.eye(3),
        cells=np.zeros((1, 3)),
    )


def test_copies_fill_the_whole_cell(slab):
    one = fill(slab, (1, 1)).atoms
    filling = fill(slab, (2, 3))
    many, step = filling.atoms, filling.cations
    assert len(many) == 6 * len(one)
    assert len(np.unique(many.arrays["molecule"])) == 6 * 2 + 1
    assert step.values["substrate"]["MA"]["count"] == 12
    lead = many.positions[many.numbers == 82]
    steps = np.unique(np.round(lead[:, :2] / 5.68, 6), axis=0)
    assert steps.tolist() == [[i, j] for i in range(2) for j in range(3)]


def test_dipoles_cancel_over_the_whole_cell(slab):
    step = fill(slab, (3, 3)).cations
    np.testing.assert_allclose(step.values["substrate"]["MA"]["net_axis_after"], 0, atol=1e-9)


def test_crystals_without_molecules_have_no_step():
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1)
    filling = fill(slab, (1, 1))
    assert filling.cations is None
    assert filling.composition is None


def alloy_slab(layers=2):
    crystal = mixed_crystal(parse_compound("FA0.75Cs0.25Pb(Br0.5I0.5)3"))
    return cut_slab(crystal, "001", layers=layers)


def test_the_ions_of_mixed_sites_are_drawn_in_the_whole_cell():
    slab = alloy_slab()
    assert 55 not in slab.atoms.numbers
    filling = fill(slab, (2, 2))
    numbers = filling.atoms.numbers
    assert [(numbers == z).sum() for z in (6, 55, 82, 35, 53)] == [6, 2, 8, 12, 12]
    assert filling.composition.values["part"] == "substrate"
    assert filling.composition.values["A FA+Cs"]["counts"] == {"FA": 6, "Cs": 2}
    assert filling.composition.choice.startswith("substrate: 8 A sites: FA 6, Cs 2;")
    assert filling.cations.values["substrate"]["FA"]["count"] == 6
    assert filling.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)
    assert set(filling.atoms.arrays["layer"].tolist()) == {1, 2, 3, 4}


def test_molecules_put_on_sites_of_ions_are_oriented():
    crystal = mixed_crystal(parse_compound("Cs0.5MA0.5PbBr3"), phase="cubic")
    filling = fill(cut_slab(crystal, "001", layers=2, cations="dipole-cancelled"), (2, 2))
    assert filling.cations.values["substrate"]["MA"]["count"] == 4
    np.testing.assert_allclose(
        filling.cations.values["substrate"]["MA"]["net_axis_after"], 0, atol=1e-9
    )


def test_the_seed_and_the_name_of_the_part_draw_the_ions():
    slab = alloy_slab()
    first, again, other = (fill(slab, (2, 2), seed).atoms.numbers for seed in (0, 0, 1))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_molecules_turned_at_random_never_overlap_across_the_interface(seed):
    film = cut_slab(
        load_crystal("MAPbI3_cubic"), "001", layers=2, bottom="MAI", cations="random", seed=seed
    )
    substrate = cut_slab(
        load_crystal("FAPbI3_alpha"), "001", layers=2, top="FAI", cations="random", seed=seed
    )
    built = Vertical(repeat=(2, 2)).build(film, substrate, seed=seed)
    across = [f for f in check(built).findings if f.check == "contacts across interface"]
    assert across
    assert all(finding.level == "info" for finding in across)


def test_the_rule_of_the_slab_spreads_the_ions():
    from heterobuild import Vertical, cut_slab, load_crystal
    from heterobuild.matching import MatchLimits

    crystal = load_crystal("CsPb0.5Sn0.5Br3:cubic")
    film = cut_slab(crystal, "001", layers=4, mixing="planes 001")
    built = Vertical(limits=MatchLimits(max_area=40), repeat=(2, 2)).build(
        film, cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2)
    )
    ours = (built.atoms.arrays["region"] == 2) & (built.atoms.arrays["site"] == 2)
    heights = built.atoms.positions[ours, 2].round(3)
    numbers = built.atoms.numbers[ours]
    planes = [set(numbers[heights == height].tolist()) for height in sorted(set(heights))]
    assert planes in ([{82}, {50}] * 2, [{50}, {82}] * 2)
