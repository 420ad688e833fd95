"""Options of the commands that load and write crystals, and how they are read."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.screen import complain
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heterobuild.alloys.doping_plans import Dopant

MOLECULE_OPTION = click.option(
    "--molecule",
    "molecules",
    metavar="NAME=SMILES",
    multiple=True,
    help="A spacer of your own for the formula; may be repeated.",
)

_FILE_OPTIONS = (
    click.option(
        "-f",
        "--format",
        "formats",
        multiple=True,
        metavar="FORMAT",
        help="Format to write: cif, poscar, lammps or extxyz; may be repeated. [default: cif]",
    ),
    click.option(
        "-o", "--output", metavar="DIR", default=".", show_default=True, help="Folder of the files."
    ),
    click.option("--force", is_flag=True, help="Replace files that exist."),
    click.option(
        "--allow-failed-checks",
        is_flag=True,
        help="Write the files although atoms are too close or another check found an error.",
    ),
)


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options ``formats``, ``output`` and ``force``.

    Parameters
    ----------
    function : callable
        The command.

    Returns
    -------
    callable
        The command with the options.
    """
    for option in reversed(_FILE_OPTIONS):
        function = option(function)
    return function


@contextmanager
def molecules_of(texts: Sequence[str]) -> Iterator[None]:
    """Know molecules of the user's own inside the block.

    Parameters
    ----------
    texts : sequence of str
        ``NAME=SMILES`` each; they are spacers.

    Yields
    ------
    None
        Formulas know the molecules inside the block.
    """
    if not texts:
        yield
        return
    from heterobuild.chemistry.molecules import extra_molecules
    from heterobuild.chemistry.smiles import molecule_from_smiles
    from heterobuild.cli.options import split_molecule
    from heterobuild.labels import Site

    made = [molecule_from_smiles(*split_molecule(text)) for text in texts]
    for molecule in made:
        for told in molecule.source.notes.split("; ")[1:]:
            complain(f"note: {molecule.name}: {told}")
    with extra_molecules([(molecule, Site.SPACER) for molecule in made]):
        yield


def parse_repeat(text: str | None) -> tuple[int, int, int] | None:
    """Read three numbers of copies.

    Parameters
    ----------
    text : str or None
        Such as ``2,2,1`` or ``2 2 1``.

    Returns
    -------
    tuple of int or None
        The numbers; None for None.

    Raises
    ------
    UsageError
        If they are not three whole numbers from 1.

    Examples
    --------
    >>> parse_repeat("2,2,1"), parse_repeat(None)
    ((2, 2, 1), None)
    """
    if text is None:
        return None
    words = re.split(r"[\s,x×]+", text.strip())
    if len(words) != 3 or not all(word.isdigit() and int(word) > 0 for word in words):
        raise UsageError(
            "the copies cannot be read",
            where="--repeat",
            measured=repr(text),
            allowed="three whole numbers from 1",
            next_step="write 2,2,2",
        )
    first, second, third = (int(word) for word in words)
    return first, second, third


def parse_dopant(text: str, site: str, compensation: str) -> Dopant:
    """Read a dopant.

    Parameters
    ----------
    text : str
        Ion and fraction, such as ``Bi=0.125``.
    site : str
        Role of the sites.
    compensation : str
        Rule that makes up for its charge; empty for none.

    Returns
    -------
    Dopant
        The dopant.

    Raises
    ------
    UsageError
        If the text is no ion and fraction.
    """
    from heterobuild.alloys.doping_plans import Dopant

    ion, _, share = text.partition("=")
    try:
        fraction = float(share)
    except ValueError:
        fraction = 0.0
    if not ion.strip() or not 0 < fraction < 1:
        raise UsageError(
            "a dopant is an ion and its share of the sites",
            where="--dope",
            measured=repr(text),
            allowed="a fraction above 0 and below 1",
            next_step="write Bi=0.125",
        )
    return Dopant(ion=ion.strip(), fraction=fraction, site=site, compensation=compensation)
