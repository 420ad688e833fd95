"""Mixed crystals and supercells that several tests look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heterobuild.alloys.mixing import mixed_crystal
from heterobuild.chemistry.compounds import parse_compound

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.model import Crystal


@pytest.fixture
def mix() -> Callable[..., Crystal]:
    """Return the function from a formula to a mixed crystal."""

    def mixed(formula: str, **options: object) -> Crystal:
        return mixed_crystal(parse_compound(formula), **options)  # type: ignore[arg-type]

    return mixed
