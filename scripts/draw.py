"""Draw a structure that heterobuild wrote: python scripts/draw.py STRUCTURE.extxyz PICTURE.png."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ase.io import read

from heterobuild.errors import HeterobuildError, StructureFileError, UsageError
from heterobuild.reporting import draw

if TYPE_CHECKING:
    from ase import Atoms


def main(arguments: list[str]) -> int:
    """Draw, and return the exit code."""
    try:
        if len(arguments) != 2:
            raise UsageError(
                "two files are needed", next_step="draw.py STRUCTURE.extxyz PICTURE.png"
            )
        source, target = arguments
        print(f"picture: {draw(read_structure(source), target)}")
    except HeterobuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def read_structure(path: str) -> Atoms:
    """Read an extended XYZ file, or say in one line why not."""
    try:
        return read(path, format="extxyz")
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise StructureFileError(f"cannot be read as extended XYZ: {error}", where=path) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
