"""``heterobuild build``: the same as a recipe, from options; each architecture is a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.cli.options import FieldOption
    from heterobuild.recipes import Recipe
    from heterobuild.recipes.nodes import Keys

_FORMATS = ("cif", "poscar", "lammps", "extxyz")

_OF_THE_WHOLE = (
    ("name",),
    ("seed",),
    ("export", "species_order"),
    ("export", "freeze_layers"),
    ("export", "lammps_style"),
)
"""Keys of the recipe that are options of every architecture."""


class _Architectures(click.RichGroup):
    """A group whose commands are made from the architectures when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the architectures."""
        from heterobuild.architectures import ARCHITECTURES

        return sorted(kind.replace("_", "-") for kind in ARCHITECTURES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of one architecture, with hyphens or underscores, or None."""
        from heterobuild.recipes.kinds import full_kind

        if cmd_name.replace("_", "-") not in self.list_commands(ctx):
            return None
        return _command(full_kind(cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, with a suggestion where there is none."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from heterobuild.recipes.kinds import architecture

            architecture(args[0])
        _, command, rest = super().resolve_command(ctx, args)
        return None if command is None else command.name, command, rest


@click.group(cls=_Architectures)
def build() -> None:
    """Build from options, and write the recipe that repeats it."""


def _command(kind: str) -> click.Command:
    """Make the command of one architecture from its fields."""
    from heterobuild.cli.options import field_options
    from heterobuild.cli.outcome import output_options, produce
    from heterobuild.recipes.kinds import architecture, further_parts, part_records

    record = architecture(kind)
    found: list[FieldOption] = []
    further = further_parts(kind)
    for name, part in [*part_records(kind).items(), *([] if further is None else [further])]:
        keys = ("parts", name)
        found += field_options(kind, part, keys, prefix=f"{name}-", without=("crystal",))
    found += field_options(kind, record, ("build",))

    def run(**given: Any) -> None:
        shared = ("output", "dry_run", "full", "force", "allow_failed_checks", "as_json")
        output = {key: given.pop(key) for key in shared}
        produce(lambda: _recipe(kind, found, given), **output)

    command = click.RichCommand(
        name=kind.replace("_", "-"),
        params=[*_arguments(kind), *(entry.option for entry in found), *_common()],
        callback=run,
        help=_help(kind, record),
        context_settings={"rich_help_config": _panels(kind, found)},
    )
    output_options(command)
    return command


def _arguments(kind: str) -> list[click.Argument]:
    """Return one argument for each named part, and one that takes all further parts."""
    from heterobuild.recipes.kinds import further_parts, part_records

    arguments = [click.Argument([name], metavar=name.upper()) for name in part_records(kind)]
    further = further_parts(kind)
    if further is not None:
        name = further[0]
        metavar = f"{name.upper()} [{name.upper()} ...]"
        arguments.append(click.Argument([name], metavar=metavar, nargs=-1, required=True))
    return arguments


def _panels(kind: str, options: Sequence[FieldOption]) -> click.RichHelpConfiguration:
    """Group the options in the help text: each part, each block with a kind, the rest."""
    panels: dict[str, list[str]] = {}
    joined = any(entry.keys[0] == "parts" for entry in options)
    blocks = {entry.keys[:-1] for entry in options if entry.keys[-1] == "kind"}
    for entry in options:
        if entry.keys[0] == "parts" or entry.keys[:-1] in blocks:
            title = f"The {entry.keys[1]}"
        else:
            title = "How they are joined" if joined else "How it is built"
        panels.setdefault(title, []).append(entry.option.opts[0])
    groups: list[Any] = [{"name": name, "options": names} for name, names in panels.items()]
    command = f"heterobuild build {kind.replace('_', '-')}"
    return click.RichHelpConfiguration(option_groups={command: groups})


def _help(kind: str, record: type) -> str:
    """Return the help text of an architecture: the head of its docstring, and its parts."""
    import inspect

    from heterobuild.recipes.kinds import further_parts, part_records
    from heterobuild.recipes.records import SlabOptions

    head = (inspect.getdoc(record) or kind).split("\n\n")[0].replace("`", "")
    further = further_parts(kind)
    if further is not None and further[1] is SlabOptions:
        name = further[0]
        head += (
            f"\n\nOptions of a {name} hold for each; values for one after the other stand between "
            f"slashes, such as --{name}-layers 1/4, and nothing for the default."
        )
    names = [*part_records(kind), *([] if further is None else [further[0]])]
    crystals = ", ".join(name.upper() for name in names)
    return (
        f"{head}\n\n{crystals}: names in the crystal library, or paths of CIF, POSCAR or "
        f"extxyz files."
    )


def _common() -> list[click.Option]:
    """Return the options of the recipe as a whole."""
    return [
        click.Option(["--name"], help="Name used for the files."),
        click.Option(["--seed"], metavar="INT", help="Seed of all random choices. [default: 0]"),
        click.Option(
            ["-f", "--format", "formats"],
            metavar="FORMAT",
            multiple=True,
            help="Format to write; may be repeated. [default: cif poscar lammps extxyz]",
        ),
        click.Option(
            ["--molecule", "molecules"],
            metavar="NAME=SMILES",
            multiple=True,
            help="A molecule of your own for formulas and ligands; may be repeated.",
        ),
        click.Option(
            ["--defect", "defects"],
            metavar="TEXT",
            multiple=True,
            help='Point defect: name, region, layer, such as "V_Br film 1" or "2x Pb_I"; may be '
            "repeated. It is made neutral with the fewest vacancies.",
        ),
        click.Option(
            ["--hop"], is_flag=True, help="Write both ends of a halide hop across the wall."
        ),
        click.Option(
            ["--species-order"], metavar="LIST", help='Order of the elements, such as "Cs Pb Br".'
        ),
        click.Option(
            ["--freeze-layers"],
            metavar="INT",
            help="Planes at the bottom that the POSCAR holds fixed. [default: 0]",
        ),
        click.Option(
            ["--lammps-style"],
            metavar="auto|charge|full",
            help="Style of the atoms in LAMMPS data files; auto takes full, with molecule ids, "
            "where there are molecules, else charge. [default: auto]",
        ),
    ]


def _recipe(kind: str, options: Sequence[FieldOption], given: dict[str, Any]) -> Recipe:
    """Make a recipe of what was given, with the options as the places of its keys."""
    from pathlib import Path

    from heterobuild.cli.options import option_name, option_value
    from heterobuild.recipes import recipe_from
    from heterobuild.recipes.document import Document

    data: dict[str, Any] = {"schema_version": 1, "seed": 0}
    places: dict[tuple[str | int, ...], str] = {}

    def put(keys: tuple[str | int, ...], value: object, place: str) -> None:
        block: dict[Any, Any] = data
        for key in keys[:-1]:
            block = block.setdefault(key, {})
        block[keys[-1]] = value
        places[keys] = place

    crystals = list(_crystals(kind, given))
    for name, crystal, place in crystals:
        put(("parts", name, "crystal"), crystal, place)
    put(("build", "kind"), kind, kind)
    for entry in options:
        value = given[str(entry.option.name)]
        if isinstance(value, tuple):
            value = ",".join(value) or None
        for keys, text in _spread(kind, entry, value, [name for name, _, _ in crystals]):
            read = text if isinstance(text, bool) else option_value(kind, keys, text)
            put(keys, read, entry.option.opts[0])
    for keys, found, place in _added(given):
        put(keys, found, place)
    put(("export", "formats"), list(given["formats"]) or list(_FORMATS), "--format")
    for keys in _OF_THE_WHOLE:
        value = given[keys[-1]]
        if value is not None:
            put(keys, option_value(kind, keys, value), option_name(keys))
    return recipe_from(Document(data=data, places=places, origin=f"build {kind}", folder=Path()))


def _added(given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], object, str]]:
    """Yield key, value and option of the user's molecules, of point defects and of a hop."""
    from heterobuild.cli.options import split_molecule

    for text in given["molecules"]:
        molecule, smiles = split_molecule(text)
        yield ("molecules", molecule, "smiles"), smiles, "--molecule"
    if given["defects"]:
        yield ("defects",), list(given["defects"]), "--defect"
    if given["hop"]:
        yield ("hop",), {}, "--hop"


def _spread(
    kind: str, entry: FieldOption, value: Any, names: Sequence[str]
) -> Iterator[tuple[Keys, str | bool]]:
    """Yield the keys that an option stands for: of further parts one each, between slashes."""
    from heterobuild.errors import UsageError
    from heterobuild.recipes.kinds import further_parts, part_records

    further = further_parts(kind)
    if value is None:
        return
    if further is None or entry.keys[:2] != ("parts", further[0]):
        yield entry.keys, value
        return
    parts = [name for name in names if name not in part_records(kind)]
    values = [value] if isinstance(value, bool) else [text.strip() for text in value.split("/")]
    if len(values) not in (1, len(parts)):
        raise UsageError(
            f"{entry.option.opts[0]} has one value, or one for each {further[0]}",
            where=entry.option.opts[0],
            measured=f"{len(values)} values for {len(parts)}",
            next_step=f"write {len(parts)} values between slashes, empty ones for the default",
        )
    for name, text in zip(parts, values * (len(parts) // len(values)), strict=True):
        if text != "":
            yield ("parts", name, *entry.keys[2:]), text


def _crystals(kind: str, given: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield name, crystal and argument of each part; further parts are numbered, if several."""
    from heterobuild.recipes.kinds import further_parts, part_records

    for name in part_records(kind):
        yield name, given[name], name.upper()
    further = further_parts(kind)
    if further is not None:
        name, crystals = further[0], given[further[0]]
        for number, crystal in enumerate(crystals, 1):
            full = f"{name}-{number}" if len(crystals) > 1 else name
            yield full, crystal, full.upper()
