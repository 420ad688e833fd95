import pytest

from heterobuild.cli.crystal_options import parse_repeat
from heterobuild.errors import UsageError


@pytest.mark.parametrize("text", ["2,3,1", "2 3 1", "2x3x1", " 2, 3, 1 "])
def test_copies(text):
    assert parse_repeat(text) == (2, 3, 1)


@pytest.mark.parametrize("text", ["", "2", "2,2", "0,1,1", "1.5,1,1", "a,b,c", "-1,1,1"])
def test_copies_that_cannot_be_read(text):
    with pytest.raises(UsageError, match="--repeat"):
        parse_repeat(text)
