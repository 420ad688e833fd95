"""Advice that names limits: keys of a recipe, or options of the command line."""

from __future__ import annotations

from typing import Self


class Advice(str):
    """What to do next, in the words of a recipe, which also holds it in those of a command.

    Parameters
    ----------
    text : str
        The advice with the keys of a recipe, such as ``max_strain: 0.03``.
    options : str
        The same with options, such as ``--max-strain 0.03``.

    Examples
    --------
    >>> advice = Advice("set max_area: 90", options="set --max-area 90")
    >>> f"{advice}; {advice.options}"
    'set max_area: 90; set --max-area 90'
    """

    __slots__ = ("options",)
    options: str

    def __new__(cls, text: str, *, options: str) -> Self:
        """Make the text and keep the other words with it."""
        advice = super().__new__(cls, text)
        advice.options = options
        return advice
