from __future__ import annotations

import pytest

from heterobuild.coherent.shell_sizes import shell_sizes
from heterobuild.errors import UsageError


def test_lists_are_read_across():
    found = shell_sizes(2, thickness=["1 nm", 6.0], outer=["sphere", ""], cover=["all", "crown"])
    assert [(s.layers, s.thickness, s.outer, s.cover) for s in found] == [
        (None, "1 nm", "sphere", "all"),
        (None, 6.0, "", "crown"),
    ]


def test_what_is_left_out_is_a_full_shell():
    (shell,) = shell_sizes(1)
    assert (shell.layers, shell.thickness, shell.outer, shell.cover) == (None, None, "", "all")


@pytest.mark.parametrize("key", ["layers", "thickness", "outer", "cover"])
def test_a_list_has_one_entry_a_shell(key):
    with pytest.raises(UsageError, match="1 entries for 2 shells") as caught:
        shell_sizes(2, **{key: [1]})
    assert caught.value.where == key
