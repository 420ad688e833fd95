from importlib.metadata import version


def test_the_version_is_that_of_the_package(heterobuild):
    outcome = heterobuild("--version")
    assert (outcome.code, outcome.out) == (0, f"heterobuild {version('heterobuild')}\n")


def test_every_command_explains_itself(heterobuild):
    from heterobuild.cli.commands import heterobuild as group

    known = {"build", "check", "crystals", "init", "match", "mismatch", "run", "schema"}
    assert known <= set(group.commands)
    for name in group.commands:
        outcome = heterobuild(name, "--help")
        assert outcome.code == 0
        assert outcome.out.count("\n") > 4


def test_no_command_is_help(heterobuild):
    assert "Usage" in heterobuild().out + heterobuild().err
