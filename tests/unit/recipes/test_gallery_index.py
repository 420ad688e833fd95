"""The gallery as a whole: which systems it holds, its index, its page and its pictures."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

from heterobuild.errors import OutputError, RecipeError, UnknownNameError
from heterobuild.recipes import gallery, load_recipe

ROOT = Path(__file__).resolve().parents[3]
NAMES = gallery.gallery_names()
SYSTEMS = (
    "cspbbr3-mapbcl3-vertical",
    "cscu2i3-cs3cu2i5-bulk",
    "alpha-delta-cspbi3-bulk",
    "mapbbr3-mapbi3-graded",
    "mapbi3-mapb0.5sn0.5i3-vertical",
    "facspbbr3-facspbi3-100-010",
    "fapbbr3-masnbr3-vertical",
    "graphene-barrier",
    "pfpea2pbi4-cspbixbr3-x-vertical",
    "tefbtt2pbi4-3d-vertical",
    "pfpea2pbbrcl4-cspbbr3-xclx-vertical",
    "pea2fasni-fa0.9cs0.1sni3-vertical",
    "pea2csnsni-cssni3-vertical",
    "pea2pbbr4-cspbbr3-epitaxial",
    "pea2pbbr4-cs2agbibr6-epitaxial",
    "ba2man-1pbni3n+1-mapbi3-series",
    "ba-edge-on-facspbibr-lateral",
    "cspb2br5-cspbbr3-bulk",
    "cs4pbi6-facspbi3-lateral",
    "cspbi3-dots-in-cspbbri3",
    "cspbbr3-dots-in-cspbsrbr3",
    "cs4pbbr6-cspbbr3-bulk",
    "cs4pbbr6-macspbbr3-bulk",
    "cs4pbcl6-cspbbr3-vertical",
    "fapbi3-dots-on-5ava-quasi2d",
    "fapbbr3-nanocrystals-oa-quasi2d",
    "cspbi3-dots-in-pea2csn-1pbni3n+1",
    "2t2pbi4-2t2pbbr4-lateral",
    "fapbbr3-cspbbr3-core-shell",
    "cspbi3-pbclx-core-shell",
    "ptla-cspbibr-intragrain",
    "cspbclbr-cspbbr3-plate-and-wire",
    "rmba2pbi4-cspbbr3-chiral",
)
"""The systems of the review, each the beginning of the names of its recipes."""


@pytest.fixture(scope="module")
def script():
    path = ROOT / "scripts" / "write_gallery.py"
    spec = importlib.util.spec_from_file_location("write_gallery", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # workers would look it up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_has_a_small_model_and_a_large_one(system):
    index = gallery.gallery_index()
    sizes = {name: index[name]["atoms"] for name in NAMES if name.startswith(system)}
    assert system in sizes or f"{system}-100" in sizes
    assert min(sizes.values()) <= 3400
    assert max(sizes.values()) >= 2500


def test_each_recipe_belongs_to_a_system():
    assert not [name for name in NAMES if not name.startswith(tuple(SYSTEMS))]


@pytest.mark.parametrize("name", NAMES)
def test_the_comment_tells_the_source(name):
    comment = gallery.head_comment(gallery.gallery_text(name))
    section = r"section \d(\.\d)*( and \d\.\d)*(, (table \d|figure \d+[a-z]))?"
    assert re.search(f"System of {section} of Nano-Micro Lett. 18, 185", comment)


def test_the_index_is_that_of_the_recipes():
    entries = {entry.name: entry for entry in gallery.list_gallery()}
    assert tuple(entries) == NAMES, "run python scripts/write_gallery.py"
    for name in NAMES:
        recipe = gallery.gallery_recipe(name)
        entry = entries[name]
        assert entry.kind == recipe.kind
        assert entry.parts == {part: options.crystal for part, options in recipe.parts.items()}
        assert entry.summary == gallery.summary_of(gallery.gallery_text(name))
        comment = gallery.head_comment(gallery.gallery_text(name))
        about, told = re.search(r"(about )?(\d+) atoms", comment).groups()
        assert entry.atoms == pytest.approx(int(told), rel=0.05 if about else 0)


def test_all_models_of_the_index_are_neutral():
    index = gallery.gallery_index()
    assert not [name for name, facts in index.items() if facts["charge_e"]]


def test_the_page_shows_the_index(script, capsys):
    assert script.check() == 0, capsys.readouterr().err


def test_a_stale_page_is_noticed(script, tmp_path, monkeypatch, capsys):
    page = tmp_path / "gallery.md"
    page.write_text(script.PAGE.read_text(encoding="utf-8") + "more")
    monkeypatch.setattr(script, "PAGE", page)
    assert script.check() == 1
    assert "write_gallery.py" in capsys.readouterr().err


def test_pictures_are_small_and_all_there(script):
    sizes = {path.stem: path.stat().st_size for path in script.PICTURES.glob("*.png")}
    assert set(sizes) == set(NAMES)
    assert max(sizes.values()) < 60_000


def test_facts_of_one_recipe_are_those_of_the_index(script, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(script, "PICTURES", tmp_path)
    name = "fapbbr3-masnbr3-vertical"
    assert json.loads(json.dumps(script.built_facts(name))) == gallery.gallery_index()[name]
    assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_gap_of_two_layers_of_spacers_is_compared(script):
    page = script.PAGE.read_text(encoding="utf-8")
    planes = gallery.gallery_index()["pea2pbbr4-cspbbr3-epitaxial"]["gaps"][0]["metal_planes_A"]
    assert f"has {planes / 10:.2f} nm from lead plane to lead plane" in page
    assert "−0.8 % on (010)" in page
    assert "by −5.99 %" in page


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("graphene-barier", "did you mean graphene-barrier"),
        ("2t2pbi4", "did you mean 2t2pbi4-2t2pbbr4-lateral"),
        ("zzz", "see heterobuild gallery list"),
    ],
)
def test_an_unknown_name_gets_the_nearest_ones(wrong, near):
    with pytest.raises(UnknownNameError, match="no recipe") as caught:
        gallery.gallery_recipe(wrong)
    assert near in str(caught.value)


def test_a_recipe_takes_settings_and_tells_where_they_are_wrong():
    assert gallery.gallery_recipe("graphene-barrier", ["seed=3"]).seed == 3
    assert gallery.gallery_recipe("graphene-barrier.yaml").seed == 7
    with pytest.raises(RecipeError, match=r"build\.vacum"):
        gallery.gallery_recipe("graphene-barrier", ["build.vacum=3"])


def test_the_recipe_is_that_of_the_file():
    name = "graphene-barrier"
    from heterobuild.recipes import recipe_text

    assert recipe_text(gallery.gallery_recipe(name)) == recipe_text(
        load_recipe(ROOT / "recipes" / f"{name}.yaml")
    )


def test_a_gallery_without_index_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "_root", lambda: tmp_path)
    with pytest.raises(OutputError, match="no index"):
        gallery.list_gallery()


def test_sentences_end_at_full_stops_before_capitals():
    text = "# On CsPb(Br0.5I0.5)3: 0.5 % of strain, see no. one. A second\n# sentence.\nname: x\n"
    assert gallery.summary_of(text) == "On CsPb(Br0.5I0.5)3: 0.5 % of strain, see no. one"
    assert gallery.head_comment("name: x\n# late\n") == ""
    assert gallery.summary_of("# A cube in 3 parts, about 9 atoms. More.\n") == "A cube in 3 parts"
