"""In which order named slabs follow one another, each as often as wanted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heterobuild.errors import UsageError
from heterobuild.registry import suggest
from heterobuild.slabs import turn_slab

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.model import Slab


@dataclass(frozen=True, kw_only=True, eq=False)
class StackOrder:
    """The slabs of a stack and their order.

    Parameters
    ----------
    slabs : mapping of str to Slab
        All slabs from below to above, turned where that was asked for. The second of a part is
        called "<name> (2)".
    part_of : mapping of str to str
        Name of the part that each of them is.
    reference : str
        Name of the slab that the others are matched to.
    """

    slabs: Mapping[str, Slab]
    part_of: Mapping[str, str]
    reference: str


def stack_order(
    slabs: Sequence[Slab],
    names: Sequence[str],
    *,
    sequence: Sequence[str] = (),
    times: int = 1,
    reference: str | None = None,
    turned: Sequence[str] = (),
) -> StackOrder:
    """Give slabs their names and their order.

    Parameters
    ----------
    slabs : sequence of Slab
        The slabs, at least two, or one that occurs several times.
    names : sequence of str
        Their names; "substrate", "layer-1" and so on where empty.
    sequence : sequence of str, optional
        Names from below to above; all once where empty.
    times : int, optional
        Copies of the sequence.
    reference : str, optional
        Name of the slab that the others are matched to; the lowest where not given.
    turned : sequence of str, optional
        Names of the slabs that are turned upside down.

    Returns
    -------
    StackOrder
        The order.

    Raises
    ------
    UsageError
        If a name is unknown, given twice or never used, or there is one layer only.
    """
    known = tuple(names) or ("substrate", *(f"layer-{k}" for k in range(1, len(slabs))))
    doubled = [name for name, count in Counter(known).items() if count > 1]
    if doubled or len(known) != len(slabs):
        raise UsageError(
            "each part has one name of its own",
            where="names",
            measured=f"{len(slabs)} parts and the names {', '.join(known)}",
            next_step=f"rename one {doubled[0]}" if doubled else "give one name a part",
        )
    order = tuple(sequence or known) * times
    for where, used in (("sequence", order), ("turned", turned), ("reference", [reference])):
        for name in used:
            if name is not None and name not in known:
                raise UsageError(
                    f"there is no part {name!r}",
                    where=where,
                    allowed=", ".join(known),
                    next_step=suggest(name, known),
                )
    _require_use(known, order, reference)
    given = {
        name: turn_slab(slab) if name in turned else slab
        for name, slab in zip(known, slabs, strict=True)
    }
    part_of = _labels(order)
    return StackOrder(
        slabs={label: given[name] for label, name in part_of.items()},
        part_of=part_of,
        reference=reference or order[0],
    )


def _labels(order: Sequence[str]) -> dict[str, str]:
    """Return one label for each slab, and its part."""
    count: Counter[str] = Counter()
    labels = {}
    for name in order:
        count[name] += 1
        labels[name if count[name] == 1 else f"{name} ({count[name]})"] = name
    return labels


def _require_use(known: Sequence[str], order: Sequence[str], reference: str | None) -> None:
    """Refuse a stack of one layer, and parts that it does not hold."""
    if len(order) < 2:
        raise UsageError(
            "a stack has at least two layers",
            where="parts",
            measured=f"{', '.join(order)} only",
            next_step="name further parts, or raise times",
        )
    unused = [name for name in known if name not in order]
    if unused:
        raise UsageError(
            f"the part {unused[0]} is never used",
            where="sequence",
            measured=f"{', '.join(order)}"
            + (f"; reference {reference}" if reference == unused[0] else ""),
            next_step=f"add {unused[0]} to the sequence, or remove the part",
        )
