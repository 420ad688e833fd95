"""The table of checks and its extension by entry points."""

from __future__ import annotations

from importlib import metadata

from heterobuild.model import Finding
from heterobuild.validation import check, table


def custom(structure):
    return (Finding(check="custom", level="warning", message=f"{len(structure.unit)} atoms"),)


def test_all_checks_run_in_the_order_of_the_table(make_interface):
    names = [f.check for f in check(make_interface()).findings]
    assert set(table.CHECKS) <= set(names)
    assert names.index("handedness") < names.index("strain")


def test_checks_leave_the_structure_alone(make_interface):
    built = make_interface()
    before = {name: array.copy() for name, array in built.atoms.arrays.items()}
    check(built)
    assert all((before[name] == array).all() for name, array in built.atoms.arrays.items())


def test_entry_point_adds_a_check(make_interface, monkeypatch):
    entry = metadata.EntryPoint(name="custom", value="custom:custom", group=table.GROUP)
    monkeypatch.setattr(metadata.EntryPoint, "load", lambda _: custom)
    for module in ("heterobuild.validation.table", "heterobuild.registry"):
        monkeypatch.setattr(f"{module}.entry_points", lambda group: [entry])
    assert [f.check for f in check(make_interface()).findings][-1] == "custom"
