"""Start the command line, and turn whatever happens into one line and an exit code."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, NoReturn

from heterobuild.cli.screen import complain, print_json
from heterobuild.errors import HeterobuildError, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process.

    Exit codes: 0 done; 1 a bug; 2 usage or recipe; 3 nothing satisfies the limits; 4 a check
    failed; 5 an optional part is not installed; 6 a part of much input was left out; 130
    interrupted.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments after the program's name; those of the process by default.

    Raises
    ------
    SystemExit
        Always, with the exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    traceback = "--traceback" in given
    given = [argument for argument in given if argument != "--traceback"]
    _prepare_streams()
    if not traceback and not sys.warnoptions:
        _silence_warnings()
    try:
        code = _run(given, traceback=traceback)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # the last resort, shown as a bug
        if traceback:
            raise
        code = _fail(given, _as_error(error, given))
    sys.exit(code)


def _run(arguments: list[str], *, traceback: bool) -> int:
    """Run one command and return its exit code."""
    import click

    from heterobuild.cli.commands import heterobuild

    try:
        code = heterobuild.main(arguments, prog_name="heterobuild", standalone_mode=False)
    except HeterobuildError as error:
        if traceback:
            raise
        return _fail(arguments, error)
    except click.Abort:
        complain(_interrupted(arguments))
        return INTERRUPTED
    except click.ClickException as error:
        return _fail(arguments, _usage(error))
    return code if isinstance(code, int) else 0


def _usage(error: Exception) -> HeterobuildError:
    """Return an error of click as one of heterobuild."""
    import click

    from heterobuild.errors import UsageError

    message = error.format_message() if isinstance(error, click.ClickException) else str(error)
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "heterobuild"
    return UsageError(message.rstrip(".").replace("\n", " "), next_step=f"{command} --help")


def _interrupted(arguments: Sequence[str]) -> str:
    """Say what an interrupt leaves behind; a screen keeps its finished parts in the folder."""
    text = "interrupted; nothing was left half-written"
    return f"{text}; a screen with -o DIR goes on with --resume" if "screen" in arguments else text


def _as_error(error: Exception, arguments: Sequence[str]) -> HeterobuildError:
    """Return an unforeseen exception as an error of one line."""
    if isinstance(error, MemoryError):
        search = arguments[:1] in (["match"], ["screen"])
        advice = "lower --max-area" if search else "build a smaller model"
        return HeterobuildError("not enough memory", next_step=advice)
    if isinstance(error, OSError):
        return OutputError(
            f"the system refused: {error.strerror or error}",
            where=str(error.filename or ""),
            next_step="check free space and rights",
        )
    text = " ".join(str(error).split())[:300]
    return HeterobuildError(
        f"this is a bug in heterobuild: {type(error).__name__}: {text}",
        next_step="report it with what --traceback prints",
    )


def _fail(arguments: list[str], error: HeterobuildError) -> int:
    """Show an error and return its exit code."""
    if arguments[:1] in (["build"], ["match"]):
        error.next_step = getattr(error.next_step, "options", error.next_step)
    if "--json" in arguments:
        print_json(error.as_dict() | {"exit_code": error.exit_code})
    complain(f"error: {error}")
    for note in getattr(error, "__notes__", ()):
        complain(f"note: {note}")
    return error.exit_code


def _prepare_streams() -> None:
    """Let characters that a terminal does not know appear as question marks, not as errors."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _silence_warnings() -> None:
    """Keep warnings of other libraries off the screen; those of the data are shown as notices."""
    import warnings

    warnings.simplefilter("ignore")
