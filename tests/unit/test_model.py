from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import MissingAtomsError
from heterobuild.model import Finding, Report, Step
from heterobuild.slabs import cut_slab


def finding(level: str) -> Finding:
    return Finding(check="charge", level=level, message="measured")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("levels", "passed"),
    [((), True), (("info", "warning"), True), (("info", "error"), False)],
)
def test_only_errors_fail_a_report(levels: tuple[str, ...], passed: bool) -> None:
    assert Report(findings=tuple(finding(level) for level in levels)).passed is passed


def test_a_crystal_without_atoms_says_so() -> None:
    crystal = replace(load_crystal("CsPbBr3_cubic"), atoms=None)
    with pytest.raises(MissingAtomsError, match="only the cell of CsPbBr3_cubic is known"):
        crystal.require_atoms()


def test_records_are_frozen_and_keyword_only() -> None:
    step = Step(name="gap", choice="auto")
    with pytest.raises(FrozenInstanceError):
        step.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Step("gap", "auto")  # type: ignore[misc]
    assert step.values == {}


def test_a_slab_knows_its_crystal_face_and_basis() -> None:
    crystal = load_crystal("CsPbBr3_cubic")
    slab = cut_slab(crystal, "110", layers=1)
    assert slab.crystal is crystal
    assert slab.miller == (1, 1, 0)
    normal = slab.basis @ [1, 1, 0]
    assert np.allclose(normal[:2], 0)
    assert normal[2] == pytest.approx(1)
