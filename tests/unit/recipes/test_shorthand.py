from pathlib import Path

import pytest

from heterobuild.errors import HeterobuildError
from heterobuild.recipes import load_recipe
from heterobuild.recipes.document import parse_document
from heterobuild.recipes.kinds import architecture
from heterobuild.recipes.shorthand import expanded, kinds_of

DOT = """\
schema_version: 1
parts:
  dot: {crystal: CsPbBr3_cubic}
  matrix: {crystal: CsPbCl3_cubic}
build:
  kind: embedded
  shape: sphere
  profile: {kind: erf, width: 6}
export: [cif]
"""


def test_blocks_that_begin_with_a_kind_have_a_short_form():
    assert set(kinds_of(architecture("embedded"))) == {"shape", "profile"}
    assert set(kinds_of(architecture("vertical"))) == {"profile"}


def test_a_word_stands_for_the_block(make):
    short, full = make(DOT), make(DOT.replace("shape: sphere", "shape: {kind: sphere}"))
    assert short.build == full.build
    assert (short.build.shape.kind, short.build.profile.width) == ("sphere", 6.0)


def test_a_wrong_word_has_its_place_and_advice(make):
    with pytest.raises(HeterobuildError, match=r"^r\.yaml:7:3: build\.shape\.kind: .*mean sphere"):
        make(DOT.replace("shape: sphere", "shape: spere"))
    with pytest.raises(HeterobuildError, match=r"^r\.yaml:7:3: build\.shape: .*found 3"):
        make(DOT.replace("shape: sphere", "shape: 3"))


def test_settings_reach_into_a_short_form(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(DOT)
    shape = load_recipe(path, ["build.shape.radius=20", "build.profile=linear"]).build.shape
    assert (shape.kind, shape.radius) == ("sphere", 20.0)
    assert load_recipe(path, ["build.profile=linear"]).build.profile.kind == "linear"


@pytest.mark.parametrize("text", ["a: 1", "build: 3", "build: {kind: no}", "build: {kind: [1]}"])
def test_other_documents_stay(text):
    document = parse_document(text, origin="r.yaml", folder=Path())
    assert expanded(document).data == document.data


def test_writing_out_twice_changes_nothing():
    once = expanded(parse_document(DOT, origin="r.yaml", folder=Path()))
    assert expanded(once).data == once.data
    assert once.place(("build", "shape", "kind")) == "r.yaml:7:3"
