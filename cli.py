"""Start heterobuild from a fresh checkout: ``python cli.py --help`` is ``heterobuild --help``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

if __name__ == "__main__":
    from heterobuild.cli import main

    main()
