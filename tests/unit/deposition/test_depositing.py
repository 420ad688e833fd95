import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.deposition.depositing import Deposit, deposited
from heterobuild.deposition.places import Array
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, LAYER, REGION, SITE, Site
from heterobuild.slabs import cut_slab


@pytest.fixture
def build(bromide, film, carving):
    def make(particle=bromide, slab=film, seed=0, **options):
        plain = {
            "carving": carving(),
            "array": Array(arrangement="square", count=(1, 1), pitch=None, spacing=6.0),
            "orientation": "aligned",
            "turn": 0.0,
            "gap": "auto",
            "registry": "facing",
            "film_above": False,
            "vacuum": None,
        }
        return deposited(particle, slab, Deposit(**(plain | options)), name="made", seed=seed)

    return make


def values(built, name):
    return next(step.values for step in built.steps if step.name == name)


@pytest.mark.parametrize("above", [False, True])
def test_layers_count_from_the_contact(build, above):
    atoms = build(film_above=above).atoms
    region, layer, z = atoms.arrays[REGION], atoms.arrays[LAYER], atoms.positions[:, 2]
    assert z[region == 1].max() < z[region == 2].min()
    assert (layer[region == 1] < 0).all()
    assert (layer[region == 2] > 0).all()
    for code, sign in ((1, -1), (2, 1)):
        inside = region == code
        heights = [z[inside & (layer == sign * k)].mean() for k in range(1, 3)]
        assert sign * (heights[1] - heights[0]) > 0
    metals = (atoms.arrays[SITE] == Site.B) & (region == (1 if above else 2))
    assert sorted(np.abs(layer[metals])) == [1] * 4 + [2] * 4


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("gap", [8.0, 30.0])
def test_the_gap_is_from_plane_to_plane(build, gap, above):
    built = build(gap=gap, film_above=above)
    atoms = built.atoms
    region, layer, z = atoms.arrays[REGION], atoms.arrays[LAYER], atoms.positions[:, 2]
    if above:
        top = z[(region == 1)].max()
        bottom = z[(region == 2) & (layer == 1)].mean()
    else:
        top = z[(region == 1) & (layer == -1)].mean()
        bottom = z[region == 2].min()
    assert bottom - top == pytest.approx(gap, abs=0.02)
    assert values(built, "contact")["gap_A"] == pytest.approx([gap])
    assert values(built, "vacuum")["vacuum_A"] == (15.0 if gap == 8.0 else 30.0)


def test_a_gap_that_is_too_small_names_one_that_works(build):
    with pytest.raises(UsageError, match=r"do not fit into the gap, in gap; found 1 Å") as caught:
        build(gap=1.0)
    gap = float(caught.value.next_step.split()[3])
    built = build(gap=gap)
    assert values(built, "contact")["gap_A"][0] == gap
    assert values(build(), "contact")["gap_A"][0] == pytest.approx(gap, abs=0.01)


def test_the_named_gap_works_where_the_site_depends_on_it(build):
    sheet = cut_slab(load_crystal("PEA2PbBr4"), "001", layers=1)
    with pytest.raises(UsageError, match="do not fit into the gap") as caught:
        build(slab=sheet, gap=1.0)
    gap = float(caught.value.next_step.split()[3])
    assert values(build(slab=sheet, gap=gap), "contact")["gap_A"][0] == gap


@pytest.mark.parametrize("above", [False, True])
def test_particles_and_film_are_in_one_cell(build, above):
    array = Array(arrangement="hexagonal", count=(2, 1), pitch=None, spacing=6.0)
    sheet = cut_slab(load_crystal("PEA2PbBr4"), "001", layers=1)
    atoms = build(slab=sheet, array=array, film_above=above).atoms
    lead = (atoms.numbers == 82) | (atoms.numbers == 35)
    inside = atoms.get_scaled_positions(wrap=False)[:, :2]
    assert inside[lead].min() > -0.01
    assert inside[lead].max() < 1.01
    dots = inside[lead & (atoms.arrays[REGION] == (1 if above else 2))]
    assert dots.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.05)
    assert atoms.get_all_distances(mic=True)[np.triu_indices(len(atoms), 1)].min() > 0.9


def test_a_vacuum_narrower_than_the_gap(build):
    with pytest.raises(UsageError, match=r"narrower than the empty height.*found 20 Å"):
        build(gap=30.0, vacuum=20.0)


def test_each_particle_of_an_alloy_is_drawn(build):
    alloy = load_crystal("CsPb(Br0.5I0.5)3")
    array = Array(arrangement="square", count=(2, 1), pitch=None, spacing=6.0)
    built = build(alloy, array=array)
    numbers = built.atoms.numbers[built.atoms.arrays[REGION] == 2]
    first, second = np.split(numbers, 2)
    assert sorted(first) == sorted(second)
    assert (first != second).any()
    assert built.atoms.arrays[CHARGE].sum() == 0


def test_same_seed_same_atoms(build):
    first, again, other = (build(seed=s, orientation="tumbled").atoms for s in (1, 1, 2))
    assert (first.positions == again.positions).all()
    assert len(first) != len(other) or (first.positions != other.positions).any()
