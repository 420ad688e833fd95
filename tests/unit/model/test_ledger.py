"""The ledger entry is a plain frozen record."""

from dataclasses import FrozenInstanceError

import pytest

from heterobuild.model import LedgerEntry


def test_an_entry_cannot_be_changed() -> None:
    entry = LedgerEntry(
        action="removed", species="Cs", site="A", count=2, charge=-2.0, where="surface", why="test"
    )
    with pytest.raises(FrozenInstanceError):
        entry.count = 3  # type: ignore[misc]
