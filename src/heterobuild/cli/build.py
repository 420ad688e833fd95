"""``heterobuild build``: the same as a recipe, from options; each architecture is a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.cli.options import FieldOption
    from heterobuild.recipes import Recipe

_FORMATS = ("cif", "poscar", "lammps", "extxyz")


class _Architectures(click.RichGroup):
    """A group whose commands are made from the architectures when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the architectures."""
        from heterobuild.architectures import ARCHITECTURES

        return sorted(ARCHITECTURES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of one architecture, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return _command(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, with a suggestion where there is none."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from heterobuild.recipes.schema import architecture

            architecture(args[0])
        return super().resolve_command(ctx, args)


@click.group(cls=_Architectures)
def build() -> None:
    """Build from options, and write the recipe that repeats it."""


def _command(kind: str) -> click.Command:
    """Make the command of one architecture from its fields."""
    from heterobuild.cli.options import field_options
    from heterobuild.cli.outcome import output_options, produce
    from heterobuild.recipes.records import SlabOptions
    from heterobuild.recipes.schema import architecture, part_names

    record, names = architecture(kind), part_names(kind)
    found: list[FieldOption] = []
    for name in names:
        found += field_options(
            kind,
            SlabOptions,
            ("parts", name),
            prefix=f"{name}-",
            without=("crystal",),
        )
    found += field_options(kind, record, ("build",))

    def run(**given: Any) -> None:
        shared = ("output", "dry_run", "force", "allow_failed_checks", "as_json")
        output = {key: given.pop(key) for key in shared}
        produce(lambda: _recipe(kind, names, found, given), **output)

    command = click.RichCommand(
        name=kind,
        params=[
            *(click.Argument([name], metavar=name.upper()) for name in names),
            *(entry.option for entry in found),
            *_common(),
        ],
        callback=run,
        help=_help(kind, record, names),
        context_settings={"rich_help_config": _panels(kind, names, found)},
    )
    output_options(command)
    return command


def _panels(
    kind: str, names: Sequence[str], options: Sequence[FieldOption]
) -> click.RichHelpConfiguration:
    """Group the options in the help text: each part, how they are joined, the rest."""
    panels: list[Any] = [
        {
            "name": f"The {name}",
            "options": [o.option.opts[0] for o in options if o.keys[:2] == ("parts", name)],
        }
        for name in names
    ]
    joined = [entry.option.opts[0] for entry in options if entry.keys[0] == "build"]
    panels.append({"name": "How they are joined", "options": joined})
    return click.RichHelpConfiguration(option_groups={f"heterobuild build {kind}": panels})


def _help(kind: str, record: type, names: Sequence[str]) -> str:
    """Return the help text of an architecture: the head of its docstring, and an example."""
    import inspect

    head = (inspect.getdoc(record) or kind).split("\n\n")[0].replace("`", "")
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
            help="A molecule of your own for the formulas; may be repeated.",
        ),
        click.Option(
            ["--species-order"], metavar="LIST", help='Order of the elements, such as "Cs Pb Br".'
        ),
        click.Option(
            ["--freeze-layers"],
            metavar="INT",
            help="Planes at the bottom that the POSCAR holds fixed. [default: 0]",
        ),
    ]


def _recipe(
    kind: str, names: Sequence[str], options: Sequence[FieldOption], given: dict[str, Any]
) -> Recipe:
    """Make a recipe of what was given, with the options as the places of its keys."""
    from pathlib import Path

    from heterobuild.cli.options import option_name, option_value, split_molecule
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

    for name in names:
        put(("parts", name, "crystal"), given[name], name.upper())
    put(("build", "kind"), kind, kind)
    for entry in options:
        value = given[str(entry.option.name)]
        if value is not None:
            text = value if isinstance(value, bool) else option_value(kind, entry.keys, value)
            put(entry.keys, text, entry.option.opts[0])
    for text in given["molecules"]:
        molecule, smiles = split_molecule(text)
        put(("molecules", molecule, "smiles"), smiles, "--molecule")
    put(("export", "formats"), list(given["formats"]) or list(_FORMATS), "--format")
    for keys in (("name",), ("seed",), ("export", "species_order"), ("export", "freeze_layers")):
        value = given[keys[-1]]
        if value is not None:
            put(keys, option_value(kind, keys, value), option_name(keys))
    return recipe_from(Document(data=data, places=places, origin=f"build {kind}", folder=Path()))
