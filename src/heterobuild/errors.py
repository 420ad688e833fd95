"""The exceptions of heterobuild: what, where, measured, allowed, next step, exit code."""

from __future__ import annotations

from typing import ClassVar


class HeterobuildError(Exception):
    """Anything that heterobuild refuses to do, in one clear line.

    Parameters
    ----------
    what : str
        What is wrong, in a few words.
    where : str, optional
        The file, key, crystal or face it is wrong in.
    measured : object, optional
        The value that was found, with its unit.
    allowed : object, optional
        What would have been accepted.
    next_step : str, optional
        What the user can do about it.

    Examples
    --------
    >>> print(HeterobuildError("the slab is empty", where="film", next_step="raise layers"))
    the slab is empty, in film. Next: raise layers
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        measured: object = None,
        allowed: object = None,
        next_step: str = "",
    ) -> None:
        self.what = what
        self.where = where
        self.measured = measured
        self.allowed = allowed
        self.next_step = next_step
        super().__init__(what)

    def __str__(self) -> str:
        """Return the whole message on one line."""
        text = self.what
        if self.where:
            text += f", in {self.where}"
        if self.measured is not None:
            text += f"; found {self.measured}"
        if self.allowed is not None:
            text += f"; allowed {self.allowed}"
        if self.next_step:
            text += f". Next: {self.next_step}"
        return text

    def as_dict(self) -> dict[str, str]:
        """Return the parts of the message for ``--json``.

        Returns
        -------
        dict of str
            The error's type and its non-empty parts.
        """
        parts = {"what": self.what, "where": self.where, "next_step": self.next_step}
        parts |= {
            name: str(value)
            for name, value in (("measured", self.measured), ("allowed", self.allowed))
            if value is not None
        }
        return {"error": type(self).__name__} | {k: v for k, v in parts.items() if v}


class UsageError(HeterobuildError):
    """A value, name, option or recipe that cannot be used as given."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that no table holds; the message suggests the nearest ones."""


class RecipeError(UsageError):
    """A recipe that does not fit the schema, with file, line and column."""


class StructureFileError(UsageError):
    """A structure file that is empty, truncated, disordered or otherwise unusable."""


class MissingAtomsError(UsageError):
    """A phase of which only the cell is known, used where atoms are needed."""


class OutputError(UsageError):
    """A folder or file that cannot be written, or would be overwritten."""


class NothingFitsError(HeterobuildError):
    """No match within the limits; the message holds the nearest misses."""

    exit_code = 3


class ChecksFailedError(HeterobuildError):
    """The structure was built, but a check of level error failed."""

    exit_code = 4


class MissingExtraError(HeterobuildError):
    """An optional dependency is not installed; the message holds the install line."""

    exit_code = 5
