from dataclasses import fields

import numpy as np
import pytest

from heterobuild.architectures.deposited import Deposited
from heterobuild.compounds import load_crystal
from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.particles.options import ParticleShape
from heterobuild.slabs import cut_slab

BROMIDE = load_crystal("CsPbBr3_cubic")
FILM = cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=2)
SMALL = ParticleShape(octahedra=2)


def build(particle=BROMIDE, film=FILM, seed=0, **options):
    return Deposited(**({"shape": SMALL} | options)).build(particle, film, seed=seed)


def values(built, name):
    return next(step.values for step in built.steps if step.name == name)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"arrangement": "kagome"}, r"unknown value 'kagome', in arrangement.*hexagonal"),
        ({"orientation": "up"}, r"unknown value 'up', in orientation.*aligned"),
        ({"registry": "near"}, r"unknown value 'near', in registry.*facing or free|facing, free"),
        ({"below": "dots"}, r"unknown value 'dots', in below.*film, particles"),
        ({"facet": (0, 0)}, r"2 entries for three axes, in facet"),
        ({"facet": (0, 0, 0)}, r"not all zero, in facet"),
        ({"count": (0, 2)}, r"at least one particle.*found \[0, 2\].*use \[2, 2\]"),
        ({"count": (2,)}, r"at least one particle.*two numbers"),
        ({"arrangement": "one", "count": (2, 1)}, r"holds no more, in count.*leave count out"),
        ({"pitch": 30.0, "spacing": 3.0}, r"both pitch and spacing are given"),
        ({"pitch": -3.0}, r"out of range, in pitch; found -3"),
        ({"spacing": -3.0}, r"not negative, in spacing; found -3"),
        ({"gap": -3.0}, r"not negative, in gap; found -3 Å.*auto"),
        ({"gap": 1e9}, r"so far away.*found 1e\+09 Å; allowed at most 200 Å"),
        ({"gap": 0.5}, r"do not fit into the gap.*found 0.5 Å; allowed at least 2\.\d\d Å"),
        ({"turn": 10.0, "orientation": "random"}, r"turn means nothing.*found 10°"),
        ({"turn": float("nan")}, r"a turn is an angle"),
        ({"vacuum": 0.0}, r"vacuum is out of range"),
        ({"coverage": 0.5}, r"no ligands that the coverage counts"),
        ({"shape": ParticleShape(kind="wire", octahedra=2)}, r"end in all directions.*wire"),
        ({"pitch": 12.0}, r"overlap at this pitch.*found 12 Å; allowed from \S+ Å on.*set pitch"),
        ({"neutrality": "refuse", "termination": "AX"}, r"charge"),
        ({"arrangement": "random", "count": (4, 4), "pitch": 17.0}, r"16 particles do not find"),
    ],
)
def test_refusals(options, words):
    with pytest.raises(HeterobuildError, match=words) as caught:
        build(**options)
    assert "\n" not in str(caught.value)


def test_a_model_too_large_for_the_memory(monkeypatch):
    monkeypatch.setattr("heterobuild.memory.available_memory", lambda: 300_000_000)
    with pytest.raises(UsageError, match=r"does not fit in memory.*make the model smaller"):
        build(count=(40, 40))


@pytest.mark.parametrize(
    "options",
    [
        {"shape": ParticleShape(octahedra=6), "count": (2, 2), "pitch": 60.0},
        {"shape": ParticleShape(octahedra=6), "count": (2, 3), "arrangement": "hexagonal"},
        {"shape": ParticleShape(kind="sphere", radius=25.0), "orientation": "tumbled"},
        {"shape": ParticleShape(octahedra=6), "turn": 30.0},
        {"shape": ParticleShape(octahedra=6), "arrangement": "random", "count": (2, 2)},
    ],
)
def test_the_estimate_is_near(options):
    told = Deposited(**options).estimate(BROMIDE, FILM).atoms
    assert told == pytest.approx(len(build(**options).atoms), rel=0.3)


def test_every_option_is_described():
    assert all(f"    {field.name} : " in Deposited.__doc__ for field in fields(Deposited))


@pytest.mark.parametrize(
    ("arrangement", "count", "angle"), [("square", (3, 2), 90.0), ("hexagonal", (2, 2), 60.0)]
)
def test_centres_are_a_lattice(arrangement, count, angle):
    built = build(arrangement=arrangement, count=count, pitch=40.0)
    array, centres = values(built, "array"), np.array(values(built, "contact")["centres_A"])
    cell = np.asarray(built.atoms.cell)[:2, :2]
    steps = np.diag(1 / np.array(count)) @ cell
    numbers = (centres[:, :2] - centres[0, :2]) @ np.linalg.inv(steps)
    assert numbers == pytest.approx(np.rint(numbers), abs=1e-4)
    assert len(np.unique(np.rint(numbers), axis=0)) == count[0] * count[1] == array["particles"]
    assert np.ptp(centres[:, 2]) < 1e-3
    assert array["pitch_A"] == pytest.approx([40.0, 40.0], abs=FILM.stacking.cell[0, 0] / 2 + 0.1)
    assert array["angle_deg"] == pytest.approx(angle, abs=5.0)


def test_one_particle_stands_alone():
    assert values(build(arrangement="one"), "array")["spacing_A"] >= 15.0


def test_aligned_particles_lie_over_opposite_ions_in_any_array():
    faced, free = (
        [values(build(registry=word, pitch=pitch), "contact") for pitch in (25.1, 31.4)]
        for word in ("facing", "free")
    )
    assert min(contact["shift_gain_eV"] for contact in faced) > 0.1
    assert all(contact["shift_A"] == [0.0, 0.0] for contact in free)
    assert faced[0]["gap_A"] == pytest.approx(faced[1]["gap_A"], abs=0.02)
    assert free[0]["gap_A"][0] - faced[0]["gap_A"][0] > 0.3
    # Br over Pb, at 0.89 of Shannon's 1.96 + 1.19 Å
    touching = 0.89 * (1.96 + 1.19)
    assert [c["nearest_A"]["opposite"] for c in faced] == pytest.approx([touching] * 2, abs=1e-3)


def test_the_film_is_the_crystal_as_measured():
    built = build(count=(2, 1), turn=11.0)
    lead = built.atoms[(built.atoms.arrays["region"] == 1) & (built.atoms.numbers == 82)]
    away = lead.get_all_distances(mic=True)
    near = away[(away > 1) & (away < 7)]
    assert near == pytest.approx(load_crystal("CsPbI3_alpha").cell[0, 0], abs=1e-6)


def test_ligands_hold_the_particle_off():
    film = cut_slab(load_crystal("PEA2PbBr4"), "001pc", layers=1)
    bare = build(film=film)
    covered = build(film=film, ligands={"OLA": 0.5, "OLEATE": 0.5}, coverage=0.6)
    gaps = [values(b, "contact")["gap_A"][0] for b in (bare, covered)]
    assert gaps[1] - gaps[0] > 8.0
    assert abs(covered.atoms.arrays["formal_charge"].sum()) < 1e-9
    step = next(step for step in covered.steps if step.name == "contact")
    assert "the ligands touch the film" in step.choice


def test_a_plain_gap_is_said_to_be_left_for_ligands():
    step = next(step for step in build(gap=30.0).steps if step.name == "contact")
    assert "left for ligands that are not built" in step.choice
    assert values(build(gap=30.0), "contact")["nearest_A"] == {}


def test_graphene_keeps_the_distance_of_sheets():
    film = cut_slab(load_crystal("graphene"), "001", layers=1)
    built = build(film=film)
    away = built.atoms.get_all_distances(mic=True)
    carbon = built.atoms.numbers == 6
    # 0.95 of Alvarez's 1.77 + 1.86 Å for C and Br; Cs counts with its ionic radius of 1.67 Å
    limits = {35: 0.95 * (1.77 + 1.86), 55: 0.95 * (1.77 + 1.67)}
    slack = [away[carbon][:, built.atoms.numbers == z].min() - d for z, d in limits.items()]
    assert min(slack) == pytest.approx(0.0, abs=1e-6)
    assert values(built, "contact")["shift_A"] == [0.0, 0.0]
