"""README and guides show what the commands and examples in them print now."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", *(f"docs/guides/{path.name}" for path in (ROOT / "docs/guides").glob("*.md"))]


@pytest.fixture(scope="module")
def writer():
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", sorted(PAGES))
def test_commands_print_what_the_page_shows(writer, page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert writer.refreshed(text).splitlines() == text.splitlines(), "run make docs"


@pytest.mark.parametrize("page", sorted(PAGES))
def test_examples_in_python_work(writer, page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert writer.PYTHON.search(text) is None or ">>>" in text
    assert writer.failed_examples(text, page) == 0


def test_a_stale_page_is_noticed(writer):
    text = "```console\n$ echo new\nold\n```\n"
    assert writer.refreshed(text) == "```console\n$ echo new\nnew\n```\n"
    assert writer.failed_examples("```python\n>>> 1 + 1\n3\n```\n", "page") == 1


def test_the_crystal_of_the_guide_is_the_one_in_the_library():
    guide = (ROOT / "docs/guides/add-a-crystal.md").read_text(encoding="utf-8")
    shown = guide.split("```toml\n")[1].split("```")[0]
    file = ROOT / "structures" / "phases" / "abx3" / "CsPbBr3_orthorhombic.toml"
    assert tomllib.loads(shown) == tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "page",
    sorted(
        str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    ),
)
def test_links_lead_somewhere(page):
    import re

    path = ROOT / page
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]
