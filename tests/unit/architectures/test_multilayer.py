from __future__ import annotations

import re

import numpy as np
import pytest

from heterobuild.architectures.multilayer import Multilayer
from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.errors import NothingFitsError, RecipeError, UsageError
from heterobuild.labels import LAYER, REGION
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab
from heterobuild.validation import check

LIMITS = MatchLimits(max_strain=0.075, max_area=110)


def slab(name, **options):
    return cut_slab(load_crystal(name), "001", **({"layers": 2} | options))


def bromide(**options):
    return slab("CsPbBr3_cubic", **options)


def chloride(**options):
    return slab("CsPbCl3_cubic", **options)


def steps(built, name):
    return [step for step in built.steps if step.name == name]


def test_two_parts_are_the_vertical_interface():
    film, base = chloride(), bromide()
    stack = Multilayer(limits=LIMITS).build(base, film, names=("substrate", "film"))
    pair = Vertical(limits=LIMITS).build(film, base)
    assert np.array_equal(stack.atoms.numbers, pair.atoms.numbers)
    assert np.allclose(stack.atoms.positions, pair.atoms.positions, atol=1e-9)
    assert np.allclose(stack.atoms.cell, pair.atoms.cell, atol=1e-9)
    for key in ("region", "layer", "site", "formal_charge"):
        assert np.array_equal(stack.atoms.arrays[key], pair.atoms.arrays[key])


def test_a_well_between_barriers():
    built = Multilayer(limits=LIMITS, sequence=("barrier", "well", "barrier")).build(
        bromide(), chloride(layers=1), names=("barrier", "well")
    )
    assert [region.name for region in built.regions] == ["barrier", "well", "barrier (2)"]
    assert built.atoms.get_chemical_formula() == "Br12Cl3Cs5Pb5"
    assert np.allclose(built.regions[0].strain, 0)
    assert np.allclose(built.regions[2].strain, 0)
    strain = 5.874 / 5.605 - 1
    assert np.diag(built.regions[1].strain)[:2] == pytest.approx([strain] * 2, abs=1e-9)
    assert all(step.values["network_continues"] for step in steps(built, "gap"))
    layers = built.atoms.arrays[LAYER]
    assert sorted(set(layers[built.atoms.arrays[REGION] == 1])) == [-4, -3, -2, -1]
    assert sorted(set(layers[built.atoms.arrays[REGION] == 2])) == [-1, 1]
    assert sorted(set(layers[built.atoms.arrays[REGION] == 3])) == [1, 2, 3, 4]
    assert len(steps(built, "slab")) == len(steps(built, "strain")) == 2
    assert check(built).passed


def test_repeated_units_of_a_superlattice():
    options = {"limits": LIMITS, "periodic": "superlattice"}
    names = {"names": ("A", "B")}
    one = Multilayer(**options).build(bromide(), chloride(), **names)
    three = Multilayer(times=3, **options).build(bromide(), chloride(), **names)
    assert len(three.atoms) == 3 * len(one.atoms)
    assert np.allclose(three.atoms.cell[2], 3 * one.atoms.cell[2], atol=1e-9)
    repeated = one.atoms.repeat((1, 1, 3))
    order = [np.lexsort(np.round(a.positions, 4).T) for a in (repeated, three.atoms)]
    assert np.allclose(repeated.positions[order[0]], three.atoms.positions[order[1]], atol=1e-6)
    assert three.atoms.pbc.all()
    assert len(steps(three, "gap")) == 6


def test_copies_of_alloys_draw_their_own_ions():
    alloy = slab("FA0.83Cs0.17PbI3", layers=2)
    built = Multilayer(sequence=("A", "B", "A"), repeat=(3, 3)).build(
        alloy, slab("MAPbI3_cubic", layers=1), names=("A", "B")
    )
    region, numbers = built.atoms.arrays[REGION], built.atoms.numbers
    lower, upper = (built.atoms.positions[(region == code) & (numbers == 55)] for code in (1, 3))
    assert len(lower) == len(upper) == 3  # 0.17 of 2 × 9 sites
    places = [{tuple(place) for place in np.round(ions[:, :2], 2)} for ions in (lower, upper)]
    assert places[0] != places[1]
    assert len(steps(built, "composition")) == 2


def test_the_reference_keeps_its_lattice():
    built = Multilayer(limits=LIMITS, reference="B").build(bromide(), chloride(), names=("A", "B"))
    assert built.atoms.cell[0, 0] == pytest.approx(5.605)
    assert np.allclose(built.regions[1].strain, 0)
    assert built.regions[0].strain[0, 0] == pytest.approx(5.605 / 5.874 - 1)
    assert steps(built, "common cell")[0].values["reference"] == "B"


def test_all_parts_share_by_stiffness():
    built = Multilayer(limits=LIMITS, strain="stiffness").build(
        bromide(), chloride(), slab("CsSnBr3_cubic"), names=("A", "B", "C")
    )
    length = built.atoms.cell[0, 0]
    assert 5.605 < length < 5.874
    energy = steps(built, "elastic energy")[0].values

    def total(**options):
        made = Multilayer(limits=LIMITS, **options).build(
            bromide(), chloride(), slab("CsSnBr3_cubic"), names=("A", "B", "C")
        )
        return steps(made, "elastic energy")[0].values["total_meV_per_A2"]

    for reference in ("A", "B", "C"):
        assert energy["total_meV_per_A2"] < total(reference=reference)


def test_gaps_and_shifts_one_an_interface():
    built = Multilayer(limits=LIMITS, gaps=("auto", 3.2), shifts=((0.0, 0.0), (0.5, 0.0))).build(
        bromide(), chloride(), bromide(), names=("A", "B", "C")
    )
    first, second = (step.values for step in steps(built, "gap"))
    assert first["network_continues"] is True
    assert second["network_continues"] is False
    assert second["gap_A"] == 3.2
    shift = steps(built, "registry")[1].values["shift_A"]
    assert np.abs(shift) == pytest.approx([5.874 / 2, 0], abs=1e-6)


def test_a_part_is_turned_by_its_name():
    built = Multilayer(limits=LIMITS, turned=("B",)).build(bromide(), chloride(), names=("A", "B"))
    assert "upside down" in steps(built, "slab")[1].choice
    assert steps(built, "gap")[0].choice.startswith("A PbBr2 | B PbCl2")


def test_in_plane_copies():
    one = Multilayer(limits=LIMITS).build(bromide(), chloride())
    six = Multilayer(limits=LIMITS, repeat=(2, 3)).build(bromide(), chloride())
    assert len(six.atoms) == 6 * len(one.atoms)
    assert steps(six, "common cell")[0].values["repeat"] == [2, 3]


def test_angles_asked_for_are_told():
    limits = MatchLimits(max_strain=0.05, max_area=400, rotation=45.0)
    built = Multilayer(limits=limits).build(bromide(), slab("CsPbI3_alpha"), names=("A", "B"))
    step = steps(built, "fit")[0]
    assert "turned by 45.000° (asked for 44.5° to 45.5°)" in step.choice


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"times": 0}, "times is out of range"),
        ({"times": 10**8}, "times is out of range.*1 to 1000"),
        ({"match": -1}, "match is out of range"),
        ({"gaps": -1.0}, "gaps is out of range"),
        ({"gaps": ("auto", 200.0)}, "gaps is out of range"),
        ({"vacuum": 0.0}, "vacuum is out of range"),
        ({"repeat": (0, 1)}, "repeat is out of range"),
        ({"shifts": ((float("nan"), 0.0),)}, "shifts is out of range"),
        ({"periodic": "sandwich"}, "slab or superlattice"),
        ({"strain": "film"}, "layers or stiffness"),
    ],
)
def test_options_that_no_stack_can_have(options, message):
    with pytest.raises(UsageError, match=message):
        Multilayer(**options)


def test_bad_parts():
    with pytest.raises(UsageError, match="at least two layers"):
        Multilayer().build(bromide())
    with pytest.raises(UsageError, match="rename one A"):
        Multilayer().build(bromide(), chloride(), names=("A", "A"))
    with pytest.raises(UsageError, match="gaps has one entry an interface"):
        Multilayer(limits=LIMITS, gaps=(3.0, 3.0)).build(bromide(), chloride())
    with pytest.raises(NothingFitsError, match=r"layer-2 on substrate: strain"):
        Multilayer(limits=MatchLimits(max_area=40)).build(
            bromide(), chloride(), slab("CsPbI3_alpha")
        )


@pytest.mark.parametrize("kind", [Multilayer, Vertical])
def test_stacks_too_large_for_memory_are_refused_before_they_are_made(kind):
    """Counted by hand: 2 slabs of 10 atoms, a unit cell times 10¹² copies."""
    film, base = bromide(layers=2), bromide(layers=2)
    with pytest.raises(UsageError, match=r"does not fit in memory.*about 20000000 million atoms"):
        kind(repeat=(10**6, 10**6)).build(film, base)


def test_molecules_need_room():
    film = slab("PEA2PbBr4", layers=1)
    options = {"limits": MatchLimits(max_strain=0.03, max_area=100)}
    top = bromide(bottom="CsBr", top="CsBr")
    with pytest.raises(UsageError, match="do not fit into the gap") as caught:
        Multilayer(gaps=2.0, **options).build(top, film, names=("3D", "2D"))
    least = float(re.search(r"at least ([\d.]+) Å", str(caught.value))[1])
    assert 3 < least < 5
    wanted = float(re.search(r"set gap to ([\d.]+)", str(caught.value))[1])
    built = Multilayer(gaps=wanted, **options).build(top, film, names=("3D", "2D"))
    assert check(built).passed
    touching = Multilayer(**options).build(top, film, names=("3D", "2D"))
    assert steps(touching, "gap")[0].values["gap_A"] == pytest.approx(least, abs=0.011)


RECIPE = """\
schema_version: 1
name: well
parts:
  substrate: {crystal: CsPbBr3_cubic, layers: 1}
  sheet: {crystal: graphene, layers: 1, miller: [0, 0, 1]}
  top: {crystal: CsPbCl3_cubic, layers: 2, bottom: CsCl}
build:
  kind: multilayer
  limits: {max_strain: 0.05, max_area: 200}
  gaps: [auto, 3.6]
  sequence: [substrate, sheet, top]
export: [extxyz]
"""


def recipe(tmp_path, text):
    from heterobuild.recipes import load_recipe

    (tmp_path / "well.yaml").write_text(text)
    return load_recipe(tmp_path / "well.yaml")


def test_recipes_cut_each_layer_as_it_says(tmp_path):
    from heterobuild.recipes import run_recipe

    result = run_recipe(recipe(tmp_path, RECIPE), tmp_path / "out")
    assert [region.name for region in result.built.regions] == ["substrate", "sheet", "top"]
    assert result.slabs["top"].count == 4
    assert result.slabs["sheet"].count == 1
    assert steps(result.built, "gap")[1].values["gap_A"] == 3.6
    text = (tmp_path / "out" / "recipe.yaml").read_text()
    again = run_recipe(recipe(tmp_path, text), tmp_path / "again")
    assert np.array_equal(again.built.atoms.positions, result.built.atoms.positions)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("layers: 2, bottom", "layerz: 2, bottom", "layerz"),
        ("sequence: [substrate, sheet, top]", "sequence: [substrate, shet, top]", "shet"),
        ("gaps: [auto, 3.6]", "gaps: [auto, wide]", "gaps"),
        ("kind: multilayer", "kind: multilayers", "multilayer"),
    ],
)
def test_mistakes_in_recipes_are_named(tmp_path, old, new, message):
    from heterobuild.errors import HeterobuildError
    from heterobuild.recipes import dry_run

    with pytest.raises(HeterobuildError, match=message):
        dry_run(recipe(tmp_path, RECIPE.replace(old, new)))


def test_a_recipe_needs_a_layer(tmp_path):
    left_out = ("  sheet", "  top")
    text = "\n".join(line for line in RECIPE.split("\n") if not line.startswith(left_out))
    with pytest.raises(RecipeError, match="there is no layer"):
        recipe(tmp_path, text)


class TestCommand:
    def run(self, capsys, *arguments):
        from heterobuild.cli.entry import main

        with pytest.raises(SystemExit) as left:
            main(["build", "multilayer", *arguments, "--dry-run"])
        return left.value.code, capsys.readouterr()

    def test_options_of_layers_stand_between_slashes(self, capsys):
        code, shown = self.run(
            capsys, "CsPbBr3_cubic", "graphene", "CsPbCl3_cubic", "--substrate-layers", "1",
            "--layer-layers", "1/2", "--layer-bottom", "/PbCl2", "--max-area", "200",
        )  # fmt: skip
        assert code == 0
        assert re.search(r"layer-1 +graphene \(001\), C2 to C2", shown.out)
        assert re.search(r"layer-2 +CsPbCl3_cubic \(001\), PbCl2 to CsCl", shown.out)

    def test_one_value_holds_for_all_layers(self, capsys):
        code, shown = self.run(
            capsys, "CsPbBr3_cubic", "CsPbCl3_cubic", "CsSnBr3_cubic", "--layer-layers", "1",
            "--substrate-layers", "1", "--layer-symmetric",
        )  # fmt: skip
        assert code == 0
        assert "CsCl to CsCl" in shown.out
        assert "CsBr to CsBr" in shown.out

    def test_a_wrong_number_of_values(self, capsys):
        code, shown = self.run(
            capsys, "CsPbBr3_cubic", "graphene", "CsPbCl3_cubic", "--layer-layers", "1/2/3"
        )
        assert code == 2
        assert "3 values for 2" in shown.err
