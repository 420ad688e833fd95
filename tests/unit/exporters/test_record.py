from __future__ import annotations

import dataclasses
import json

import pytest

from heterobuild.errors import UsageError
from heterobuild.exporters.record import encode_record
from heterobuild.model import Finding, LedgerEntry, Report, Step
from heterobuild.provenance import decode, make_provenance


def test_contents_by_hand(built, provenance):
    finding = Finding(check="vacuum", level="warning", message="thin", value=9.0, limit=10.0)
    report = Report(findings=(finding,))
    record = json.loads(encode_record(built, provenance, report, {"cif": {"name": "x.cif"}}))
    assert record["schema_version"] == 1
    assert record["name"] == "hand-made"
    assert record["composition"] == {"H": 1, "C": 1, "N": 1, "Br": 4, "Cs": 2, "Pb": 1}
    assert record["formal_charge_e"] == 1.0
    below, above = record["regions"]
    assert (below["atoms"], above["atoms"]) == (7, 3)
    assert below["composition"] == {"Br": 4, "Cs": 2, "Pb": 1}
    assert above["strain_percent"][0][0] == 1.25
    assert record["match"]["principal_strains_percent"] == [1.25, 1.25]
    assert record["steps"][0]["values"] == {"gap_angstrom": 2.6}
    assert record["report"]["passed"] is True
    assert record["report"]["findings"][0]["limit"] == 10.0
    assert record["notices"] == list(built.notices)


def test_provenance_can_be_read_from_it(built, provenance):
    got = decode(encode_record(built, provenance, None, {}))
    assert got.recipe_sha256 == provenance.recipe_sha256
    assert got.seed == 7


def test_steps_of_the_structure_stand_in(built):
    record = json.loads(encode_record(built, make_provenance({}, seed=0), None, {}))
    assert [step["name"] for step in record["steps"]] == ["gap"]


def test_nan_is_refused_with_its_place(built, provenance):
    bad = dataclasses.replace(
        provenance, steps=(Step(name="gap", choice="", values={"gap_angstrom": float("nan")}),)
    )
    with pytest.raises(UsageError, match="gap_angstrom; found nan"):
        encode_record(built, bad, None, {})


def test_ledger_and_periodic_directions(built, provenance):
    entry = LedgerEntry(
        action="removed",
        species="Cs",
        site="A",
        count=10,
        charge=-10.0,
        where="surface",
        why="neutrality: remove-A",
    )
    built.atoms.pbc = (False, False, True)
    changed = dataclasses.replace(built, ledger=(entry,))
    record = json.loads(encode_record(changed, provenance, None, {}))
    assert record["periodic"] == [False, False, True]
    assert record["ledger"] == [
        {
            "action": "removed",
            "species": "Cs",
            "site": "A",
            "count": 10,
            "charge_e": -10.0,
            "where": "surface",
            "why": "neutrality: remove-A",
        }
    ]
    assert json.loads(encode_record(built, provenance, None, {}))["ledger"] == []
