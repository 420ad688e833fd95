import json

import pytest

from heterobuild.errors import HeterobuildError, MissingExtraError, NothingFitsError


def test_help_lists_every_command(heterobuild):
    outcome = heterobuild("--help")
    assert outcome.code == 0
    for command in ("run", "build", "crystals", "check", "init", "schema"):
        assert command in outcome.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rnu"], "run"),
        (["run"], "RECIPE"),
        (["run", "r.yaml", "--outptu", "x"], "--output"),
        (["crystals", "shwo"], "show"),
        (["run", "r.yaml"], "-o DIR"),
    ],
)
def test_usage_errors_are_one_line_with_a_suggestion(heterobuild, arguments, words):
    outcome = heterobuild(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("error: ")
    assert outcome.err.count("\n") == 1
    assert words in outcome.err


@pytest.mark.parametrize("kind", [HeterobuildError, NothingFitsError, MissingExtraError])
def test_exit_codes_are_those_of_the_errors(heterobuild, monkeypatch, kind):
    def fail(*_, **__):
        raise kind("no luck", next_step="try again")

    monkeypatch.setattr("heterobuild.crystals.list_crystals", fail)
    outcome = heterobuild("crystals", "list", "--json")
    assert outcome.code == kind.exit_code
    assert outcome.err == "error: no luck. Next: try again\n"
    assert json.loads(outcome.out) == {
        "error": kind.__name__,
        "what": "no luck",
        "next_step": "try again",
        "exit_code": kind.exit_code,
    }


def test_a_bug_is_one_line_unless_a_traceback_is_wanted(heterobuild, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr("heterobuild.crystals.list_crystals", fail)
    outcome = heterobuild("crystals", "list")
    assert outcome.code == 1
    assert outcome.err.startswith("error: this is a bug in heterobuild: ZeroDivisionError: a b.")
    assert outcome.err.count("\n") == 1
    with pytest.raises(ZeroDivisionError):
        heterobuild("crystals", "list", "--traceback")


def test_the_keyboard_interrupts_quietly(heterobuild, monkeypatch):
    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("heterobuild.crystals.list_crystals", fail)
    outcome = heterobuild("crystals", "list")
    assert outcome.code == 130
    assert "Traceback" not in outcome.err


def test_lack_of_memory_is_no_bug(heterobuild, monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr("heterobuild.crystals.list_crystals", fail)
    assert "not enough memory" in heterobuild("crystals", "list").err
