"""Tables of numbers as text, in pieces of bounded size and without a loop over atoms."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

ROWS = 16_384


def format_rows(template: str, columns: Sequence[NDArray[Any]]) -> Iterator[bytes]:
    r"""Write a table row by row.

    Parameters
    ----------
    template : str
        Percent format of one row, with its line end; ``%r`` writes a float as the shortest
        decimal that reads back to the same number.
    columns : sequence of (n,) arrays
        One column an entry of the template.

    Yields
    ------
    bytes
        The text of up to 16 384 rows, which takes a few MB.

    Examples
    --------
    >>> import numpy as np
    >>> table = format_rows("%s %d\n", [np.array(["Cs", "Br"]), np.array([1, -1])])
    >>> b"".join(table)
    b'Cs 1\nBr -1\n'
    """
    n = len(columns[0])
    for start in range(0, n, ROWS):
        parts = [column[start : start + ROWS].tolist() for column in columns]
        values = tuple(chain.from_iterable(zip(*parts, strict=True)))
        yield (template * len(parts[0]) % values).encode()
