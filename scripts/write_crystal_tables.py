"""Write the tables of ``docs/prototypes.md``: models of crystals beside what was measured.

python scripts/write_crystal_tables.py           write the tables
python scripts/write_crystal_tables.py --check   exit with 1 if one is out of date

A table stands between ``<!-- table NAME -->`` and ``<!-- end -->``; the prose around is written by
hand. The check lets the last digit of a number differ by one, because the packing of molecules is
found by a search whose last bits depend on the processor.
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

from crystal_tables import TABLES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "prototypes.md"
TABLE = re.compile(r"(?<=^<!-- table )(\w+)( -->\n).*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")


def main() -> int:
    """Write the tables, or compare them."""
    warnings.simplefilter("ignore", DeprecationWarning)
    text = PAGE.read_text(encoding="utf-8")
    fresh = TABLE.sub(lambda found: found[1] + found[2] + TABLES[found[1]](), text)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh, encoding="utf-8")
    elif not alike(text, fresh):
        print(
            f"{PAGE.name} is out of date. Next: python scripts/write_crystal_tables.py",
            file=sys.stderr,
        )
        return 1
    return 0


def alike(old: str, new: str) -> bool:
    """Tell whether two pages have the same words, and numbers the same but for the last digit."""
    if NUMBER.sub("#", old) != NUMBER.sub("#", new):
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
    return all(last_digits_apart(*pair) <= 1 for pair in pairs)


def last_digits_apart(old: str, new: str) -> int:
    """Return by how many units of the last digit two numbers differ; many if written otherwise."""
    digits = [len(text.partition(".")[2]) for text in (old, new)]
    if digits[0] != digits[1]:
        return 1000
    values = [float(text.replace("−", "-")) for text in (old, new)]
    return round(abs(values[0] - values[1]) * 10 ** digits[0])


if __name__ == "__main__":
    sys.exit(main())
