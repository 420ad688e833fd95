"""A recipe as it was written: plain data, and the place in the file of every key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heterobuild.errors import RecipeError
from heterobuild.recipes.nodes import compose, kind_of, plain_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.recipes.nodes import Keys


@dataclass(frozen=True, kw_only=True, eq=False)
class Document:
    """What a recipe says, before it is known to be right.

    Parameters
    ----------
    data : dict
        Nested mappings, lists, strings, numbers, truth values and None.
    places : mapping of tuple to str
        Where each key was written, such as ``recipe.yaml:7:3``; the key is the path to it.
    origin : str
        Name of the whole, for errors that have no nearer place.
    folder : pathlib.Path
        Folder that relative paths of crystals start from.
    """

    data: dict[str, Any]
    places: Mapping[Keys, str]
    origin: str
    folder: Path

    def place(self, keys: Keys) -> str:
        """Return the nearest known place of a key.

        Parameters
        ----------
        keys : tuple of str or int
            Path to the key.

        Returns
        -------
        str
            Its place, else that of the block it belongs to.
        """
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.places:
                return self.places[keys[:length]]
        return self.origin


def read_document(path: str | Path) -> Document:
    """Read a recipe file.

    Parameters
    ----------
    path : str or pathlib.Path
        The YAML file.

    Returns
    -------
    Document
        Its content with places.

    Raises
    ------
    RecipeError
        If the file cannot be read, is not UTF-8, not YAML, empty, or not a mapping.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise RecipeError(
            f"{path}: there is no such recipe",
            next_step="check the path, or write one with: heterobuild init vertical -o recipe.yaml",
        ) from error
    except UnicodeDecodeError as error:
        raise RecipeError(
            f"{path}: not a text file in UTF-8", next_step="give a recipe in YAML"
        ) from error
    except OSError as error:
        raise RecipeError(
            f"{path}: cannot be read: {error.strerror}", next_step="check the path and its rights"
        ) from error
    return parse_document(text, origin=str(path), folder=path.parent)


def parse_document(text: str, *, origin: str, folder: Path) -> Document:
    """Parse the text of a recipe.

    Parameters
    ----------
    text : str
        YAML 1.2.
    origin : str
        Name of the file, for the places.
    folder : pathlib.Path
        Folder that relative paths of crystals start from.

    Returns
    -------
    Document
        Its content with places.

    Raises
    ------
    RecipeError
        If the text is not YAML, is empty, is not a mapping, or repeats a key.

    Examples
    --------
    >>> document = parse_document("seed: 7", origin="r.yaml", folder=Path())
    >>> document.data, document.place(("seed",))
    ({'seed': 7}, 'r.yaml:1:1')
    """
    node = compose(text, origin)
    if node is None:
        raise RecipeError(
            f"{origin}:1:1: the recipe is empty",
            next_step="start from the output of: heterobuild init vertical",
        )
    places: dict[Keys, str] = {}
    data = plain_value(node, (), places, origin)
    if not isinstance(data, dict):
        raise RecipeError(
            f"{origin}:1:1: the recipe is not a mapping of keys to values",
            measured=kind_of(data),
            next_step="start from the output of: heterobuild init vertical",
        )
    return Document(data=data, places=places, origin=origin, folder=folder)
