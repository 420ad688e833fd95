from __future__ import annotations

import numpy as np

from heterobuild.exporters.rows import ROWS, format_rows


def test_pieces_are_bounded_and_complete():
    n = 2 * ROWS + 5
    chunks = list(format_rows("%d\n", [np.arange(n)]))
    assert [chunk.count(b"\n") for chunk in chunks] == [ROWS, ROWS, 5]
    assert b"".join(chunks).split() == [str(i).encode() for i in range(n)]


def test_floats_read_back_to_the_same_bits():
    values = np.array([0.1, 1 / 3, 1e-300, -2.5, 123456789.123456789, 5e-324])
    text = b"".join(format_rows("%r ", [values])).decode()
    assert [float(word) for word in text.split()] == values.tolist()


def test_no_rows_give_no_bytes():
    assert list(format_rows("%d\n", [np.array([], dtype=int)])) == []
