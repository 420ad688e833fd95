"""The sizes of nested shells, from one list a property."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.coherent.nested import ShellSize
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.particles.options import Length


def shell_sizes(
    count: int,
    *,
    layers: Sequence[int] = (),
    thickness: Sequence[Length] = (),
    outer: Sequence[str] = (),
    cover: Sequence[str] = (),
) -> tuple[ShellSize, ...]:
    """Return the size of each shell.

    Parameters
    ----------
    count : int
        Number of shells.
    layers : sequence of int, optional
        Thickness of each in octahedra.
    thickness : sequence of lengths, optional
        The same in Å, or as text in nm.
    outer : sequence of str, optional
        Form of the outside of each.
    cover : sequence of str, optional
        Part of the surface that each covers.

    Returns
    -------
    tuple of ShellSize
        From the innermost outward.

    Raises
    ------
    UsageError
        If a list has entries, but not one a shell.

    Examples
    --------
    >>> [shell.layers for shell in shell_sizes(2, layers=[1, 3])]
    [1, 3]
    """
    lists = {"layers": layers, "thickness": thickness, "outer": outer, "cover": cover}
    for key, values in lists.items():
        if len(values) not in (0, count):
            raise UsageError(
                f"{len(values)} entries for {count} shells",
                where=key,
                measured=list(values),
                allowed="one entry a shell",
                next_step=f"give {count}",
            )
    return tuple(
        ShellSize(
            layers=layers[k] if layers else None,
            thickness=thickness[k] if thickness else None,
            outer=outer[k] if outer else "",
            cover=cover[k] if cover else "all",
        )
        for k in range(count)
    )
