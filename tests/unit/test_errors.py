from __future__ import annotations

import pytest

from heterobuild import errors
from heterobuild.errors import HeterobuildError

CODES = {
    "HeterobuildError": 1,
    "UsageError": 2,
    "UnknownNameError": 2,
    "RecipeError": 2,
    "StructureFileError": 2,
    "MissingAtomsError": 2,
    "OutputError": 2,
    "NothingFitsError": 3,
    "ChecksFailedError": 4,
    "MissingExtraError": 5,
}


def test_message_holds_every_part_on_one_line() -> None:
    error = HeterobuildError(
        "too thin", where="film", measured=0, allowed="1 or more", next_step="raise layers"
    )
    assert str(error) == "too thin, in film; found 0; allowed 1 or more. Next: raise layers"
    assert error.as_dict() == {
        "error": "HeterobuildError",
        "what": "too thin",
        "where": "film",
        "next_step": "raise layers",
        "measured": "0",
        "allowed": "1 or more",
    }


def test_missing_parts_leave_no_trace() -> None:
    assert str(HeterobuildError("broken")) == "broken"
    assert HeterobuildError("broken").as_dict() == {"error": "HeterobuildError", "what": "broken"}


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_exit_codes(name: str, code: int) -> None:
    kind = getattr(errors, name)
    assert kind.exit_code == code
    assert issubclass(kind, HeterobuildError)


def test_every_error_has_an_exit_code_in_this_table() -> None:
    found = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, HeterobuildError)
    }
    assert set(CODES) <= found
