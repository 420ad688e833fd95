import inspect

from heterobuild.cli.outcome import produce
from heterobuild.cli.run import run


def test_every_shared_option_reaches_the_run():
    names = {parameter.name for parameter in run.params}
    taken = set(inspect.signature(produce).parameters) - {"make_recipe"}
    assert taken < names


def test_notices_of_the_data_are_shown(heterobuild, recipe):
    outcome = heterobuild(
        *("build", "vertical", "CsPbCl3_orthorhombic", "MAPbCl3_cubic", "-n"),
        *("--film-layers", "2", "--substrate-layers", "2"),
    )
    assert outcome.code == 0, outcome.err
    assert "note: CsPbCl3_orthorhombic" in outcome.err
