import pytest

import heterobuild


def test_every_public_name_is_found():
    for name in heterobuild.__all__:
        assert getattr(heterobuild, name) is not None
    assert sorted(heterobuild.__all__) == dir(heterobuild)


def test_the_two_tables_agree():
    assert set(heterobuild._HOME_OF) == set(heterobuild.__all__)


def test_other_names_are_not_there():
    with pytest.raises(AttributeError, match="nothing"):
        _ = heterobuild.nothing
