import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.errors import RecipeError, UsageError
from heterobuild.matching import MatchLimits
from heterobuild.recipes import CrystalOptions, ExportSettings, SlabOptions, load_recipe


def test_all_values_arrive(text, make):
    recipe = make(text)
    assert recipe.seed == 7
    assert recipe.kind == "vertical"
    assert recipe.parts["film"] == SlabOptions(
        crystal="CsPbBr3_cubic", miller=(0, 0, 1), layers=6, bottom="CsBr", top="CsBr"
    )
    assert recipe.parts["substrate"].cations == "dipole-cancelled"
    assert recipe.build == Vertical(limits=MatchLimits(max_strain=0.05, max_area=400.0))
    assert recipe.export == ExportSettings(formats=("cif", "poscar", "lammps", "extxyz"))


def test_parts_keep_the_order_of_the_architecture(text, make):
    film, substrate = text.splitlines()[4:6]
    turned = text.replace(film, "@").replace(substrate, film).replace("@", substrate)
    assert list(make(turned).parts) == ["film", "substrate"]


@pytest.mark.parametrize("miller", ["[0, 0, 1]", '"001"', "0 0 1", "(001)", "[0, 0, 2]"])
def test_miller_indices_in_every_spelling(text, make, miller):
    changed = text.replace("[0, 0, 1]", f"{miller}")
    assert make(changed).parts["film"].miller == (0, 0, 1)


def test_layers_have_a_default_unless_a_thickness_is_given(text, make):
    assert make(text.replace("layers: 6, cations", "cations")).parts["substrate"].layers == 6
    thick = make(text.replace("layers: 6, cations", "thickness: 20, cations")).parts["substrate"]
    assert (thick.layers, thick.thickness) == (None, 20.0)


def test_a_recipe_without_name_is_named_after_its_crystals(text, make):
    assert make(text.replace("name: pair\n", "")).name == "CsPbBr3_cubic-MAPbCl3_cubic-vertical"
    own = text.replace("name: pair\n", "").replace("CsPbBr3_cubic", "../my film (1).cif")
    assert make(own).name == "my-film-1--MAPbCl3_cubic-vertical"
    alloy = text.replace("name: pair\n", "").replace("CsPbBr3_cubic", "MAPb0.5Sn0.5I3")
    assert make(alloy).name == "MAPb0.5Sn0.5I3-MAPbCl3_cubic-vertical"


def test_settings_of_the_export_may_be_a_block(text, make):
    settings = "species_order: [Pb, Cs], freeze_layers: 2, lammps_style: charge"
    block = f"export: {{formats: [poscar], {settings}}}"
    recipe = make(text.replace("export: [cif, poscar, lammps, extxyz]", block))
    assert recipe.export == ExportSettings(
        formats=("poscar",), species_order=("Pb", "Cs"), freeze_layers=2, lammps_style="charge"
    )


def test_a_file_is_read_and_overridden(tmp_path, text):
    path = tmp_path / "r.yaml"
    path.write_text(text)
    recipe = load_recipe(path, ["build.gap=3.1", "seed=8"])
    assert (recipe.build.gap, recipe.seed) == (3.1, 8)
    with pytest.raises(RecipeError, match=r"--set build\.gapp"):
        load_recipe(path, ["build.gapp=3.1"])


CORE_SHELL = """\
schema_version: 1
parts:
  outer: {crystal: CsPbCl3_cubic}
  core: {crystal: CsPbBr3_cubic}
  alloy: {crystal: CsPbBr2Cl}
build: {kind: core-shell, layers: [2, 1]}
export: [cif]
"""


def test_further_parts_follow_the_named_ones_in_the_order_of_the_recipe(make):
    recipe = make(CORE_SHELL)
    assert list(recipe.parts) == ["core", "outer", "alloy"]
    assert recipe.parts["alloy"] == CrystalOptions(crystal="CsPbBr2Cl")
    assert recipe.kind == "core_shell"
    assert recipe.name == "CsPbBr3_cubic-CsPbCl3_cubic-CsPbBr2Cl-core-shell"
    assert recipe.build.layers == (2, 1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  core: {crystal: CsPbBr3_cubic}\n", "", r"^r\.yaml:2:1: parts: the key core is missing"),
        ("crystal: CsPbBr2Cl", "crystl: 3", r"^r\.yaml:5:11: parts\.alloy\.crystl: .*mean crystal"),
        ("crystal: CsPbBr2Cl", "layers: 3", r"^r\.yaml:5:11: parts\.alloy\.layers: unknown key"),
        ("{crystal: CsPbBr2Cl}", "CsPbBr2Cl", r"^r\.yaml:5:3: parts\.alloy: .*the keys crystal"),
        ("crystal: CsPbBr2Cl", "crystal: ''", r"^r\.yaml:5:11: parts\.alloy\.crystal: "),
        ("  alloy:", "  1st:", r"^r\.yaml:5:3: parts\.1st: not a possible name .*found 1st"),
        ("layers: [2, 1]", "layers: 2", r"^r\.yaml:6:27: build\.layers: .*a list of integers"),
        ("layers:", "layrs:", r"^r\.yaml:6:27: build\.layrs: unknown key.*mean layers"),
        ("core-shell", "core-shel", r"^r\.yaml:6:9: build\.kind: .*mean core_shell"),
    ],
)
def test_mistakes_in_the_parts_of_a_particle(make, old, new, words):
    assert old in CORE_SHELL
    with pytest.raises(UsageError, match=words):
        make(CORE_SHELL.replace(old, new))


def test_at_least_one_further_part_is_needed(make):
    alone = CORE_SHELL.replace("  outer: {crystal: CsPbCl3_cubic}\n", "")
    alone = alone.replace("  alloy: {crystal: CsPbBr2Cl}\n", "")
    with pytest.raises(RecipeError, match=r"^r\.yaml:2:1: parts: there is no shell; .*add shell"):
        make(alone)


def test_the_order_of_further_parts_survives_writing(make):
    from heterobuild.recipes import recipe_text

    written = recipe_text(make(CORE_SHELL))
    assert list(make(written).parts) == ["core", "outer", "alloy"]
    assert recipe_text(make(written)) == written


def test_an_order_may_be_given(make):
    ordered = CORE_SHELL + "order: [core, alloy, outer]\n"
    assert list(make(ordered).parts) == ["core", "alloy", "outer"]
    for wrong in ("[core, alloy]", "[alloy, core, outer]", "[core, alloy, alloy]", "[core, a, b]"):
        with pytest.raises(RecipeError, match=r"^r\.yaml:8:1: order: not an order of the parts"):
            make(CORE_SHELL + f"order: {wrong}\n")


def test_the_order_shapes_the_fingerprint(make):
    from heterobuild.provenance import make_provenance
    from heterobuild.recipes.writing import recipe_as_dict

    turned = make(CORE_SHELL + "order: [core, alloy, outer]\n")
    ours = [make_provenance(recipe_as_dict(r), seed=0) for r in (make(CORE_SHELL), turned)]
    assert ours[0].recipe_sha256 != ours[1].recipe_sha256
