import math

import pytest

from heterobuild.errors import OutputError, UsageError
from heterobuild.screening.outcome import exit_code, finish, read_wishes, strain_for
from heterobuild.screening.screen import screen


@pytest.fixture(scope="module")
def found():
    return screen(["CsPbBr3_cubic"], ["CsPbI3_alpha", "MAPbCl3", "CsPbCl3_cubic"])


def test_the_limit_of_the_search_admits_every_mismatch_asked_for():
    for mismatch in (0.01, 0.05, 0.2):
        limit = strain_for(mismatch)
        assert limit >= max(abs(math.log(1 + mismatch)), abs(math.log(1 - mismatch)))
        assert limit < 1.2 * mismatch


def test_files_are_written_and_named(found, tmp_path):
    wishes = read_wishes(max_mismatch="4%", output=str(tmp_path / "o"), emit_recipes=2)
    outcome = finish(found, wishes)
    assert all(abs(float(row[14])) <= 0.04 for row in outcome.rows)
    assert len(outcome.rows) < len(found.rows)
    assert [path.suffix for path in outcome.written] == [".csv", ".yaml", ".yaml"]
    with pytest.raises(OutputError, match="--force"):
        read_wishes(output=str(tmp_path / "o"))


def test_codes(found):
    assert exit_code(finish(found, read_wishes())) == 0
    assert exit_code(finish(found, read_wishes(max_mismatch="0.000001"))) == 3


@pytest.mark.parametrize(
    "given", [{"parquet": True}, {"emit_recipes": 3}, {"emit_recipes": 0, "output": "o"}]
)
def test_wishes_that_cannot_be_fulfilled(given):
    with pytest.raises(UsageError):
        read_wishes(**given)


def test_recipes_of_two_screens_do_not_mix(tmp_path):
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "001-old.yaml").write_text("")
    with pytest.raises(OutputError, match="another screen"):
        read_wishes(output=str(tmp_path), emit_recipes=1)
    assert read_wishes(output=str(tmp_path), emit_recipes=1, force=True).emit_recipes == 1


def test_both_pictures_are_drawn(found, tmp_path):
    pytest.importorskip("matplotlib")
    names = [str(tmp_path / name) for name in ("pareto.png", "matrix.svg")]
    outcome = finish(found, read_wishes(plot=names[0], plot_matrix=names[1]))
    assert [str(path) for path in outcome.written] == names
    with pytest.raises(UsageError, match="same file"):
        read_wishes(plot=names[0], plot_matrix=names[0], force=True)
    with pytest.raises(OutputError, match="--force"):
        read_wishes(plot_matrix=names[1])
