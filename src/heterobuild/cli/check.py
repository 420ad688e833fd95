"""``heterobuild check``: judge any structure file."""

from __future__ import annotations

import rich_click as click

from heterobuild.cli.screen import print_json, print_lines


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def check(context: click.Context, file: str, *, as_json: bool) -> None:
    """Check a structure file, also one of another program.

    Contacts, coordination, bond lengths, formal charge, composition, vacuum and handedness.
    The exit code is 4 where a check fails.
    """
    from heterobuild.errors import ChecksFailedError
    from heterobuild.validation import check_file, report_as_dict, summary_lines

    report = check_file(file)
    if as_json:
        print_json({"file": file, **report_as_dict(report)})
    else:
        print_lines(summary_lines(report))
    context.exit(0 if report.passed else ChecksFailedError.exit_code)
