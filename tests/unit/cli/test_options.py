import pytest

from heterobuild.architectures import ARCHITECTURES
from heterobuild.cli.build import build
from heterobuild.cli.options import field_options, option_name, option_value
from heterobuild.errors import UsageError
from heterobuild.recipes.kinds import architecture


def test_nested_records_give_options_in_place():
    found = {
        entry.option.opts[0]: entry.keys
        for entry in field_options("vertical", architecture("vertical"), ("build",))
    }
    assert found["--max-strain"] == ("build", "limits", "max_strain")
    assert found["--gap"] == ("build", "gap")
    assert "--limits" not in found


def test_help_comes_from_the_docstring_with_the_default():
    options = {
        entry.keys[-1]: entry.option
        for entry in field_options("vertical", architecture("vertical"), ("build",))
    }
    assert "default: 0.05" in options["max_strain"].help
    assert "auto" in options["gap"].metavar


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        (("build", "repeat"), "2,1", [2, 1]),
        (("build", "repeat"), "[2, 1]", [2, 1]),
        (("build", "shift"), "0.5 -0.5", [0.5, -0.5]),
        (("build", "strain"), "film=0.7", {"film": 0.7}),
        (("build", "strain"), "shared", "shared"),
        (("build", "gap"), "3.1", 3.1),
        (("build", "gap"), "auto", "auto"),
        (("build", "vacuum"), "null", None),
        (("parts", "film", "miller"), "001", "001"),
        (("parts", "film", "bottom"), "1", 1),
        (("parts", "film", "bottom"), "CsBr", "CsBr"),
        (("name",), "1e3", "1e3"),
        (("export", "species_order"), "Cs Pb,Br", ["Cs", "Pb", "Br"]),
    ],
)
def test_values_are_read_as_a_recipe_would_hold_them(keys, text, value):
    assert option_value("vertical", keys, text) == value


def test_names():
    assert option_name(("parts", "film", "top"), "film-") == "--film-top"
    assert option_name(("build", "profile", "kind")) == "--profile"


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_no_two_options_of_a_command_have_one_name(kind):
    command = build.get_command(None, kind)
    words = [word for entry in command.params for word in (*entry.opts, *entry.secondary_opts)]
    assert len(words) == len(set(words))
    names = [entry.name for entry in command.params]
    assert len(names) == len(set(names))


def test_the_kind_of_a_block_has_the_name_of_the_block():
    found = {
        entry.option.opts[0]: entry.keys
        for entry in field_options("core_shell", architecture("core_shell"), ("build",))
    }
    assert found["--shape"] == ("build", "shape", "kind")
    assert found["--octahedra"] == ("build", "shape", "octahedra")
    assert found["--profile"] == ("build", "profile", "kind")
    assert found["--width"] == ("build", "profile", "width")
    assert "--kind" not in found


def test_what_is_on_can_be_switched_off(bulk):
    found = field_options("whole_bulk", architecture("whole_bulk"), ("build",))
    (option,) = [entry.option for entry in found if entry.keys[-1] == "tidy"]
    assert (option.opts, option.secondary_opts) == (["--tidy"], ["--no-tidy"])


def test_what_an_option_takes_is_said_in_a_few_letters():
    options = {
        entry.keys[-1]: entry.option
        for entry in field_options("core_shell", architecture("core_shell"), ("build",))
    }
    assert options["radius"].metavar == "LENGTH"
    assert options["elastic"].metavar == "yes|no|auto"
    assert options["termination"].metavar == "AX|BX2"
    assert "default" not in options["ligands"].help


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        (("shape", "kind"), "sphere", "sphere"),
        (("shape", "octahedra"), "3", 3),
        (("shape", "octahedra"), "3 4,5", [3, 4, 5]),
        (("shape", "radius"), "30", 30),
        (("shape", "radius"), "3 nm", "3 nm"),
        (("shape", "lengths"), "6.6 nm", "6.6 nm"),
        (("shape", "lengths"), "6.6 nm, 30,4 nm", ["6.6 nm", 30, "4 nm"]),
        (("shape", "lengths"), "3 nm 4 nm 5 nm", ["3 nm", "4 nm", "5 nm"]),
        (("shape", "lengths"), "30 40 50", [30, 40, 50]),
        (("shape", "along_x"), "1 -1 0", [1, -1, 0]),
        (("shape", "centre"), "B", "B"),
        (("shape", "centre"), "0.5 0.5 -0.25", [0.5, 0.5, -0.25]),
        (("shape", "facets"), "100=1, 111=0.8; 1-10=2", {"100": 1, "111": 0.8, "1-10": 2}),
        (("layers",), "1,2", [1, 2]),
        (("layers",), "2", [2]),
        (("thickness",), "1 nm", ["1 nm"]),
        (("thickness",), "1 nm; 12.5", ["1 nm", 12.5]),
        (("cover",), "100 -100", ["100 -100"]),
        (("cover",), "100 -100 010; cap 60", ["100 -100 010", "cap 60"]),
        (("cover",), "all, cap 60", ["all", "cap 60"]),
        (("outer",), "sphere,cube", ["sphere", "cube"]),
        (("ligands",), "OLA=1", {"OLA": 1}),
        (("ligands",), "OLA=0.6,OLEATE=0.4", {"OLA": 0.6, "OLEATE": 0.4}),
        (("ligands",), "R-MBA = 0.6; OLEATE=0.4", {"R-MBA": 0.6, "OLEATE": 0.4}),
        (("ligands",), "OLA", "OLA"),
        (("elastic",), "no", False),
        (("elastic",), "yes", True),
        (("elastic",), "true", True),
        (("elastic",), "auto", "auto"),
        (("lattice",), "5.9", 5.9),
        (("lattice",), "core", "core"),
        (("relation",), "[100]||[110], (001)||(001)", "[100]||[110], (001)||(001)"),
    ],
)
def test_values_of_a_particle(keys, text, value):
    assert option_value("core_shell", ("build", *keys), text) == value


def test_a_name_has_one_number():
    with pytest.raises(UsageError, match=r"OLA is given twice, in --ligands"):
        option_value("particle", ("build", "ligands"), "OLA=0.5,OLA=0.5")
