import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.errors import RecipeError
from heterobuild.matching import MatchLimits
from heterobuild.recipes import ExportSettings, SlabOptions, load_recipe


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
    block = "export: {formats: [poscar], species_order: [Pb, Cs], freeze_layers: 2}"
    recipe = make(text.replace("export: [cif, poscar, lammps, extxyz]", block))
    assert recipe.export == ExportSettings(
        formats=("poscar",), species_order=("Pb", "Cs"), freeze_layers=2
    )


def test_a_file_is_read_and_overridden(tmp_path, text):
    path = tmp_path / "r.yaml"
    path.write_text(text)
    recipe = load_recipe(path, ["build.gap=3.1", "seed=8"])
    assert (recipe.build.gap, recipe.seed) == (3.1, 8)
    with pytest.raises(RecipeError, match=r"--set build\.gapp"):
        load_recipe(path, ["build.gapp=3.1"])
