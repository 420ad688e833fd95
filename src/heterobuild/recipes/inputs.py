"""Files that a recipe names: where they are, and their copies beside the results.

A folder of results can be moved and run again, because the user's own structure files, and
tables that the architecture reads, are copied into it and the recipe written there names the
copies.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from heterobuild.errors import StructureFileError
from heterobuild.recipes.places import problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heterobuild.recipes.nodes import Keys
    from heterobuild.recipes.records import Recipe

BUILD_FILES = ("dots",)
"""Options of architectures that name a file, relative to the folder of the recipe."""

_ENDINGS = {".cif", ".mcif", ".vasp", ".poscar", ".contcar", ".xyz", ".extxyz"}


def crystal_location(text: str, folder: Path) -> str | Path:
    """Tell the name of a crystal from the path of a file.

    Parameters
    ----------
    text : str
        What the recipe says.
    folder : pathlib.Path
        Folder that relative paths start from.

    Returns
    -------
    str or pathlib.Path
        The name as it is, or the path; the file need not exist.

    Examples
    --------
    >>> crystal_location("CsPbBr3_cubic", Path("jobs"))
    'CsPbBr3_cubic'
    >>> crystal_location("film.cif", Path("jobs")).as_posix()
    'jobs/film.cif'
    """
    pure = PurePath(text)
    separated = len(pure.parts) > 1 or len(PureWindowsPath(text).parts) > 1
    path = folder / Path(text).expanduser()
    if separated or pure.suffix.lower() in _ENDINGS or path.is_file():
        return path
    return text


def input_parts(recipe: Recipe) -> dict[str, Path]:
    """Return the structure files that a recipe names.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    dict of str to pathlib.Path
        Name of the part, and the file; parts from the library are left out.
    """
    folder = recipe.document.folder
    places = {name: crystal_location(part.crystal, folder) for name, part in recipe.parts.items()}
    return {name: path for name, path in places.items() if isinstance(path, Path)}


def input_files(recipe: Recipe) -> dict[str, Path]:
    """Return the files that a recipe names, by the names of their copies.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    dict of str to pathlib.Path
        Name of the copy, which is that of the file, and the file.

    Raises
    ------
    RecipeError
        If two different files have the same name, or one has the name of a result.
    """
    found: dict[str, Path] = {}
    for keys, path in _named_files(recipe):
        if path.name.startswith((f"{recipe.name}.", "recipe.yaml", "heterobuild.json")):
            raise problem(
                recipe.document,
                keys,
                f"the file {path.name} has the name of a result",
                next_step="rename the file, or change the name of the recipe",
            )
        if found.setdefault(path.name, path).resolve() != path.resolve():
            raise problem(
                recipe.document,
                keys,
                "two files have the same name",
                measured=path.name,
                next_step="rename one of them",
            )
    return found


def molecule_path(recipe: Recipe, name: str) -> Path:
    """Return the file of a molecule of the user's own.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    name : str
        Name of a molecule that is given by a file.

    Returns
    -------
    pathlib.Path
        The file; it need not exist.
    """
    return recipe.document.folder / Path(recipe.molecules[name].file or "").expanduser()


def build_files(recipe: Recipe) -> dict[str, Path]:
    """Return the files that the options of the architecture name.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    dict of str to pathlib.Path
        Name of the option, and the file; it need not exist.
    """
    given = {name: getattr(recipe.build, name, None) for name in BUILD_FILES}
    folder = recipe.document.folder
    return {
        name: folder / Path(text).expanduser()
        for name, text in given.items()
        if isinstance(text, str)
    }


def located_build(recipe: Recipe) -> Any:
    """Return the architecture with the paths of its files as they are from here.

    Parameters
    ----------
    recipe : Recipe
        The recipe; left unchanged, because its text must not hold the paths of this machine.

    Returns
    -------
    object
        The architecture, ready to build.
    """
    files = build_files(recipe)
    return replace(recipe.build, **{name: str(path) for name, path in files.items()})


def _named_files(recipe: Recipe) -> Iterator[tuple[Keys, Path]]:
    """Yield each file that the recipe names, with the place of its key."""
    for part, path in input_parts(recipe).items():
        yield ("parts", part, "crystal"), path
    for name, options in recipe.molecules.items():
        if options.file is not None:
            yield ("molecules", name, "file"), molecule_path(recipe, name)
    for name, path in build_files(recipe).items():
        yield ("build", name), path


def copies_to_write(recipe: Recipe, folder: Path) -> tuple[str, ...]:
    """Return the names of the copies that a folder of results does not hold already.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    folder : pathlib.Path
        Folder of the results; it need not exist.

    Returns
    -------
    tuple of str
        Names; a file that lies in the folder itself is left out.

    Raises
    ------
    RecipeError
        If the names do not fit.
    """
    files = input_files(recipe).items()
    return tuple(name for name, path in files if (folder / name).resolve() != path.resolve())


def with_copies(recipe: Recipe) -> Recipe:
    """Return the recipe with the names of the copies in place of the paths.

    Parameters
    ----------
    recipe : Recipe
        The recipe; left unchanged.

    Returns
    -------
    Recipe
        The recipe that belongs beside the results.
    """
    own = input_parts(recipe)
    parts = {
        part: replace(options, crystal=own[part].name) if part in own else options
        for part, options in recipe.parts.items()
    }
    molecules = {
        name: options if options.file is None else replace(options, file=Path(options.file).name)
        for name, options in recipe.molecules.items()
    }
    files = {name: path.name for name, path in build_files(recipe).items()}
    build = replace(recipe.build, **files)
    return replace(recipe, parts=parts, molecules=molecules, build=build)


def read_inputs(recipe: Recipe) -> Mapping[str, bytes]:
    """Read the files that a recipe names.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    mapping of str to bytes
        Name of the copy, and the content.

    Raises
    ------
    StructureFileError
        If a file cannot be read.
    RecipeError
        If their names do not fit.
    """
    contents = {}
    for name, path in input_files(recipe).items():
        try:
            contents[name] = path.read_bytes()
        except OSError as error:
            raise StructureFileError(
                f"{path}: cannot be read: {error.strerror}", next_step="check the path"
            ) from error
    return contents


def write_copies(contents: Mapping[str, bytes], folder: Path, *, force: bool) -> None:
    """Write copies of the user's files beside the results, whole or not at all.

    Parameters
    ----------
    contents : mapping of str to bytes
        Name and content.
    folder : pathlib.Path
        Folder of the results.
    force : bool
        Whether files that exist may be replaced.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    from heterobuild.exporters.output_folder import staged

    if contents:
        with staged(folder, tuple(contents), force=force) as staging:
            for name, content in contents.items():
                (staging / name).write_bytes(content)
