"""The table of a screen as CSV and Parquet, written together or not at all."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heterobuild.errors import MissingExtraError, UsageError
from heterobuild.exporters.output_folder import staged
from heterobuild.screening.rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heterobuild.screening.rows import Row

CSV = "screen.csv"
PARQUET = "screen.parquet"

_NUMBERS = {
    "strain_1",
    "strain_2",
    "log_strain",
    "rotation_deg",
    "film_area_A2",
    "area_A2",
    "film_atoms_per_A",
    "substrate_atoms_per_A",
    "mismatch",
    "film_energy_meV_per_A3",
}


def write_table(
    rows: Iterable[Row], folder: str | Path, *, parquet: bool = False, force: bool = False
) -> tuple[Path, ...]:
    """Write the table into a folder.

    Parameters
    ----------
    rows : iterable of tuple of str
        The rows.
    folder : str or Path
        Folder of the results.
    parquet : bool, optional
        Whether to write Parquet beside CSV.
    force : bool, optional
        Whether a table that exists may be replaced.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    MissingExtraError
        If Parquet is wanted and DuckDB is not installed.
    OutputError
        If the folder cannot be written, or a table would be overwritten.
    """
    names = table_names(parquet=parquet)
    with staged(folder, names, force=force) as staging:
        with (staging / CSV).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        if parquet:
            with open_table(staging / CSV) as connection:
                target = str(staging / PARQUET).replace("'", "''")
                connection.execute(f"COPY screen TO '{target}' (FORMAT parquet)")
    return tuple(Path(folder) / name for name in names)


def table_names(*, parquet: bool) -> tuple[str, ...]:
    """Return the names of the files of a table.

    Parameters
    ----------
    parquet : bool
        Whether Parquet is written.

    Returns
    -------
    tuple of str
        The names.
    """
    return (CSV, PARQUET) if parquet else (CSV,)


def open_table(path: Path) -> Any:
    """Load a table into DuckDB, in memory and on one thread, as the view ``screen``.

    Parameters
    ----------
    path : Path
        A CSV or Parquet file that this package wrote.

    Returns
    -------
    duckdb.DuckDBPyConnection
        The connection; closed by ``with``.

    Raises
    ------
    MissingExtraError
        If DuckDB is not installed.
    UsageError
        If the file is no table of a screen.
    """
    duckdb = require_duckdb()
    name = str(path).replace("'", "''")
    types = ", ".join(
        f"'{column}': '{'DOUBLE' if column in _NUMBERS else 'VARCHAR'}'" for column in COLUMNS
    )
    parquet = path.suffix.lower() == ".parquet"
    source = (
        f"read_parquet('{name}')"
        if parquet
        else f"read_csv('{name}', header = true, delim = ',', quote = '\"', columns = {{{types}}})"
    )
    if not parquet and _first_line(path) != ",".join(COLUMNS):
        raise _no_table(path, "other columns")
    connection = duckdb.connect()
    try:
        connection.execute("SET threads = 1")
        connection.execute(f"CREATE TABLE screen AS FROM {source}")
        found = tuple(row[0] for row in connection.execute("DESCRIBE screen").fetchall())
    except duckdb.Error as error:
        connection.close()
        raise _no_table(path, " ".join(str(error).split())[:200]) from error
    if found != COLUMNS:
        connection.close()
        raise _no_table(path, "other columns")
    return connection


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as stream:
        return stream.readline().rstrip("\n")


def _no_table(path: Path, reason: str) -> UsageError:
    return UsageError(
        "this is no table of a screen",
        where=str(path),
        measured=reason,
        next_step="give the screen.csv or screen.parquet that heterobuild screen wrote",
    )


def require_duckdb() -> Any:
    """Import DuckDB.

    Returns
    -------
    module
        DuckDB.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError(
            "Parquet files and queries need DuckDB",
            next_step="pip install 'heterobuild[table]'",
        ) from error
    return duckdb
