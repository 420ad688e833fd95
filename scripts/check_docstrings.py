"""Check the docstrings of all public objects: python scripts/check_docstrings.py.

Each class, function, method and property whose dotted name has no leading underscore is given to
numpydoc's validation with the checks listed in ``pyproject.toml``; the docstrings of modules are
checked by ruff. Prints one line for each finding, ``file:line: code message (object)``, and exits
with 1 if there is any.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import tomllib
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

from numpydoc.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "heterobuild"


def main() -> int:
    """Print the findings and return the exit code."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checks = set(settings["tool"]["numpydoc_validation"]["checks"])
    findings = [line for name in public_names() for line in judge(name, checks)]
    print("\n".join(sorted(findings)) or "docstrings: no findings")
    return 1 if findings else 0


def public_names() -> Iterator[str]:
    """Yield the dotted names of all public objects, each where it is defined."""
    package = importlib.import_module(PACKAGE)
    for entry in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        if any(part.startswith("_") for part in entry.name.split(".")):
            continue
        module = importlib.import_module(entry.name)
        yield from members(module)


def members(module: ModuleType) -> Iterator[str]:
    """Yield the public classes and functions of a module, and the members of its classes."""
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(value):
            yield f"{module.__name__}.{name}"
        elif inspect.isclass(value):
            yield f"{module.__name__}.{name}"
            for part, member in vars(value).items():
                described = property | classmethod | staticmethod | FunctionType
                if isinstance(member, described) and not part.startswith("_"):
                    yield f"{module.__name__}.{name}.{part}"


def judge(name: str, checks: set[str]) -> Iterator[str]:
    """Yield the findings on one object."""
    result = validate(name)
    file = result["file"]
    place = Path(file).relative_to(ROOT) if file and Path(file).is_relative_to(ROOT) else file
    checks = checks - exempt(name)
    for code, message in result["errors"]:
        if code in checks:
            yield f"{place}:{result['file_line'] or 1}: {code} {message} ({name})"


def exempt(name: str) -> set[str]:
    """Return the checks that do not fit an object."""
    module, _, attribute = name.rpartition(".")
    value = getattr(sys.modules.get(module), attribute, None)
    if inspect.isclass(value) and "__init__" not in vars(value):
        return {"PR01"}  # takes the parameters of its parent, which documents them
    if inspect.isgeneratorfunction(getattr(value, "__wrapped__", None)):
        return {"YD01"}  # a context manager
    return set()


if __name__ == "__main__":
    sys.exit(main())
