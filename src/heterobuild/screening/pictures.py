"""Pictures of a table: which formats there are, and how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heterobuild.errors import MissingExtraError, UsageError
from heterobuild.exporters.output_folder import check_writable, staged

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = (".png", ".svg", ".pdf")

NOTHING, UNREADABLE, ITSELF = 0.85, 0.45, 1.0
"""Greys of pairs without a number."""

DOTS = 150
"""Pixels an inch of a PNG."""


def require_picture(path: Path, *, force: bool = False) -> None:
    """Make sure that a picture can be drawn and written.

    Parameters
    ----------
    path : Path
        The file.
    force : bool, optional
        Whether a file that exists may be replaced.

    Raises
    ------
    UsageError
        If the ending is unknown.
    MissingExtraError
        If matplotlib is not installed.
    OutputError
        If the file cannot be written.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(
            "the format of the picture is unknown",
            measured=path.name,
            allowed=", ".join(ENDINGS),
            next_step=f"name it {path.stem or 'picture'}.png",
        )
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtraError(
            "pictures need matplotlib", next_step="pip install 'heterobuild[plot]'"
        ) from error
    del mpl
    check_writable(path.parent, [path.name], force=force)


def save_picture(figure: Any, path: Path, *, force: bool = False) -> Path:
    """Write a picture, whole or not at all, without a date.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The picture.
    path : Path
        The file; its ending is the format.
    force : bool, optional
        Whether a file that exists may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import matplotlib as mpl

    dates = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}}
    metadata = dates.get(path.suffix.lower())
    with (
        staged(path.parent, [path.name], force=force) as staging,
        mpl.rc_context({"svg.hashsalt": "heterobuild"}),
    ):
        figure.savefig(
            staging / path.name, dpi=DOTS, metadata=metadata, bbox_inches="tight", pad_inches=0.1
        )
    return path
