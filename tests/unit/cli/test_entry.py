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


def test_a_search_without_memory_names_its_limit(heterobuild, monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr("heterobuild.compounds.load_crystal", fail)
    assert "Next: lower --max-area" in heterobuild("match", "CsPbBr3", "MAPbCl3").err


def test_an_interrupted_screen_names_resume(heterobuild, monkeypatch):
    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("heterobuild.screening.specification.plan_screen", fail)
    outcome = heterobuild("screen", "--film", "CsPbBr3", "--substrate", "MAPbCl3")
    assert outcome.code == 130
    assert "--resume" in outcome.err
    monkeypatch.setattr("heterobuild.crystals.list_crystals", fail)
    assert "--resume" not in heterobuild("crystals", "list").err


def test_build_names_options_and_run_names_keys(heterobuild, recipe):
    built = heterobuild(
        "build", "vertical", "CsPbBr3_cubic", "MAPbCl3_cubic", "--max-strain", "0.01",
        "--max-area", "33", "--dry-run",
    )  # fmt: skip
    assert built.code == 3
    assert "or set --max-strain 0.0336 and --max-area 35" in built.err
    run = heterobuild("run", str(recipe), "--set", "build.limits.max_area=33", "--dry-run")
    assert run.code == 3
    assert "set max_area: 35" in run.err
