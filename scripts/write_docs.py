"""Run the commands of the guides and write what they print: python scripts/write_docs.py [--check].

In README.md and docs/guides every line of a ``console`` block that starts with ``$`` is run, and
the lines below it become what it printed. ``python`` blocks with ``>>>`` are run as doctests. The
commands of one page share a scratch folder that holds a copy of recipes/. The picture of the README
is drawn anew. With ``--check`` nothing
is written, and the exit code is 1 if a page is out of date.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEMO = "cspbbr3-mapbcl3-vertical"
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md")))
CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"(?<=^```python\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
QUIET = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    stale = 0
    if "--check" not in arguments:
        draw_demo()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fresh = refreshed(text)
        failures = failed_examples(text, page.name)
        if fresh != text and "--check" not in arguments:
            page.write_text(fresh, encoding="utf-8")
        if failures or (fresh != text and "--check" in arguments):
            print(f"{page.relative_to(ROOT)} is out of date. Next: make docs", file=sys.stderr)
            stale += 1
    return 1 if stale else 0


def draw_demo() -> None:
    """Draw the picture of the README."""
    from heterobuild import dry_run, load_recipe
    from heterobuild.reporting import draw

    recipe = load_recipe(ROOT / "recipes" / f"{DEMO}.yaml")
    draw(dry_run(recipe).built, ROOT / "docs" / "images" / f"{DEMO}.png")


def refreshed(text: str) -> str:
    """Return a page with the present output of its commands."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copytree(ROOT / "recipes", folder / "recipes")
        return CONSOLE.sub(lambda block: transcript(block[0], folder), text)


def transcript(block: str, folder: Path) -> str:
    """Return the commands of a block, each with what it prints."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    parts = [f"{command}\n{output(command[2:], folder)}" for command in commands]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def output(command: str, folder: Path) -> str:
    """Return what a command prints, errors and notes after the results, as on a terminal."""
    program = Path(sys.executable).parent
    environment = os.environ | QUIET | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (done.stdout + done.stderr).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def failed_examples(text: str, name: str) -> int:
    """Run the examples in Python of a page, and return how many fail."""
    examples = "\n".join(match[0] for match in PYTHON.finditer(text))
    test = doctest.DocTestParser().get_doctest(examples, {}, name, name, 0)
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        try:
            return doctest.DocTestRunner(optionflags=OPTIONS).run(test).failed
        finally:
            os.chdir(before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
