import json

import pytest

from heterobuild.cli.screen import complain, print_json, print_lines, table


def test_results_and_complaints_have_streams_of_their_own(capsys):
    print_lines(["a", "b"])
    complain("one\ntwo")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("a\nb\n", "one two\n")


def test_json_is_pure(capsys):
    print_json({"Å": [1.5]})
    assert json.loads(capsys.readouterr().out) == {"Å": [1.5]}
    with pytest.raises(ValueError, match="JSON"):
        print_json(float("nan"))


def test_columns_stand_below_one_another():
    lines = table([("ab", "c", ""), ("d", "efg", "h")])
    assert lines == ["ab  c", "d   efg  h"]
