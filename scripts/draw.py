"""Draw a structure that heterobuild wrote: python scripts/draw.py STRUCTURE.extxyz PICTURE.png."""

from __future__ import annotations

import sys

from ase.io import read

from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.reporting import draw


def main(arguments: list[str]) -> int:
    """Draw, and return the exit code."""
    try:
        if len(arguments) != 2:
            raise UsageError(
                "two files are needed", next_step="draw.py STRUCTURE.extxyz PICTURE.png"
            )
        source, target = arguments
        draw(read(source, format="extxyz"), target)
    except HeterobuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
