"""Write a crystal to files, and the options by which commands load one."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.screen import complain, print_lines
from heterobuild.errors import ChecksFailedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heterobuild.alloys.doping_plans import Dopant
    from heterobuild.model import Crystal, Heterostructure

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


def write_crystal(
    crystal: Crystal,
    formats: Sequence[str],
    output: str,
    *,
    force: bool,
    allow_failed_checks: bool = False,
) -> tuple[str, ...]:
    """Write the conventional cell of a crystal, all files or none.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    formats : sequence of str
        Names of formats; CIF where there are none.
    output : str
        Folder.
    force : bool
        Whether files that exist may be replaced.
    allow_failed_checks : bool, optional
        Whether to write a crystal of which a check found an error.

    Returns
    -------
    tuple of str
        Names of the files.

    Raises
    ------
    ChecksFailedError
        If a check found an error, such as atoms that are too close, and that is not allowed.
    HeterobuildError
        If the atoms are not known, a format is not known, or the folder cannot be written.
    """
    from heterobuild.exporters.formats import ExportOptions, find_exporter, suffix
    from heterobuild.exporters.output_folder import staged

    built = as_structure(crystal)
    require_checks(built, crystal, allow_failed_checks=allow_failed_checks)
    exports = {
        f"{built.name}.{suffix(entry)}": find_exporter(entry)(built, ExportOptions())
        for entry in formats or ("cif",)
    }
    with staged(output, tuple(exports), force=force) as staging:
        for file, content in exports.items():
            (staging / file).write_bytes(b"".join(content.chunks))
    return tuple(exports)


def require_checks(built: Heterostructure, crystal: Crystal, *, allow_failed_checks: bool) -> None:
    """Refuse a crystal that no calculation should start from, and tell warnings.

    Parameters
    ----------
    built : Heterostructure
        The crystal as a structure.
    crystal : Crystal
        The crystal.
    allow_failed_checks : bool
        Whether errors are only told.

    Raises
    ------
    ChecksFailedError
        If a check found an error and that is not allowed.
    """
    from heterobuild.validation import check

    found = check(built, crystals={crystal.name: crystal}).findings
    errors = [entry.message for entry in found if entry.level == "error"]
    if errors and not allow_failed_checks:
        raise ChecksFailedError(
            "; ".join(message.rstrip(".") for message in errors),
            where=crystal.name,
            measured=f"{len(errors)} failed check{'s' if len(errors) > 1 else ''}",
            next_step="change what was asked for, or write it with --allow-failed-checks",
        )
    for entry in found:
        if entry.level != "info":
            complain(f"{entry.level}: {entry.check}: {entry.message}")


def tell_files(crystal: Crystal, files: Sequence[str], output: str) -> None:
    """Print the paths of files, and beside them where the numbers come from.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    files : sequence of str
        Names of the files.
    output : str
        Folder.
    """
    print_lines(file if output == "." else f"{output}/{file}" for file in files)
    complain(f"source: {crystal.source.citation}")
    for notice in crystal.notices:
        complain(f"note: {notice}")


def as_structure(crystal: Crystal) -> Heterostructure:
    """Return the conventional cell as a structure of one region, for exporters and checks.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.

    Returns
    -------
    Heterostructure
        The region is called ``bulk``.

    Raises
    ------
    MissingAtomsError
        If only the cell is known.
    """
    import numpy as np

    from heterobuild import labels
    from heterobuild.model import Heterostructure, Region

    atoms = crystal.require_atoms().copy()
    for name in (labels.REGION, labels.LAYER):
        atoms.arrays[name] = np.ones(len(atoms), dtype=np.int64)
    region = Region(
        code=1,
        name="bulk",
        crystal=crystal.name,
        formula=crystal.formula,
        cell=crystal.cell,
        strain=np.zeros((3, 3)),
    )
    return Heterostructure(
        name=re.sub(r"[^A-Za-z0-9._+-]+", "-", crystal.name).lstrip("-.").rstrip("."),
        atoms=atoms,
        regions=(region,),
        molecules=crystal.molecules,
        notices=crystal.notices,
    )
