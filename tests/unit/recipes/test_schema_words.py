import pytest

from heterobuild.recipes.schema_words import allowed, subschemas


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("seed",), "an integer ≥ 0"),
        (("parts", "film", "layers"), "an integer ≥ 1"),
        (("parts", "film", "cations"), "aligned or dipole-cancelled or random"),
        (("parts", "film", "symmetric"), "true or false"),
        (("build", "gap"), "auto"),
        (("build", "limits"), "max_strain, max_area"),
        (("name",), "letters, digits"),
    ],
)
def test_allowed_values_in_words(keys, words):
    assert words in allowed("vertical", keys)


def test_unknown_keys_have_no_schema():
    assert subschemas("vertical", ("build", "gpa")) == []
    assert allowed("vertical", ("build", "gpa")) == ""


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("parts", "alloy", "crystal"), "text"),
        (("parts",), "a block with the keys core"),
        (("build", "layers"), "a list of integers"),
        (("build", "thickness"), "a list of numbers or text"),
        (("build", "shape", "radius"), "a number or text"),
        (("build", "shape"), "cube or cuboid or sphere"),
        (("build", "ligands"), "{name: a number}"),
        (("build", "kind"), "core_shell or core-shell"),
    ],
)
def test_allowed_values_of_a_particle_in_words(keys, words):
    assert words in allowed("core_shell", keys)


def test_parts_of_any_name_have_the_keys_of_a_part():
    assert subschemas("core_shell", ("parts", "alloy", "layers")) == []
    assert subschemas("embedded", ("parts", "alloy")) == []
