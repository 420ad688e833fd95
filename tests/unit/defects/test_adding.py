from dataclasses import replace

import numpy as np
import pytest

from heterobuild.defects import Defect, add_defects, parse_defect
from heterobuild.errors import UsageError
from heterobuild.validation import check


def counts(built):
    return {symbol: built.atoms.symbols.count(symbol) for symbol in set(built.atoms.symbols)}


@pytest.mark.parametrize("text", ["V_Br 1", "V_Cs", "V_Pb", "Pb_Br", "Pb_Cs", "Cs_Pb", "Br_i"])
def test_every_model_with_defects_passes_its_checks(model, text):
    built = add_defects(model, [parse_defect(text)], seed=5)
    report = check(built)
    assert report.passed, [f.message for f in report.findings if f.level == "error"]
    assert built.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)


def test_the_atoms_that_go_are_those_of_the_ledger(model):
    built = add_defects(model, [parse_defect("2x V_Pb"), parse_defect("Cs_Pb")], seed=5)
    gone = {"Pb": 3, "Cs": -1}
    for entry in built.ledger[len(model.ledger) :]:
        if entry.action == "removed" and entry.why.startswith("compensation"):
            gone[entry.species] = gone.get(entry.species, 0) + entry.count
    before, after = counts(model), counts(built)
    changed = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert changed == {name: n for name, n in gone.items() if n}


def test_the_model_is_left_as_it_was(model):
    positions, arrays = model.atoms.positions.copy(), set(model.atoms.arrays)
    add_defects(model, [parse_defect("Br_i")], seed=1)
    assert np.array_equal(model.atoms.positions, positions)
    assert set(model.atoms.arrays) == arrays


def test_same_seed_same_model(model):
    def made(seed):
        return add_defects(model, [parse_defect("V_Br"), parse_defect("Br_i")], seed=seed).atoms

    assert np.array_equal(made(3).positions, made(3).positions)
    assert any(not np.array_equal(made(3).positions, made(seed).positions) for seed in (4, 5, 6))


def test_a_charge_that_is_left_is_said_and_no_error(model):
    wanted = Defect(kind="vacancy", species="Br", compensate="none")
    built = add_defects(model, [wanted], seed=1)
    assert built.steps[-1].values["charge_e"] == 1
    assert "a charge of +1 e is left" in built.steps[-1].choice
    charge = next(f for f in check(built).findings if f.check == "charge")
    assert (charge.level, charge.value) == ("warning", 1.0)
    atoms = built.atoms.copy()
    del atoms[int(np.flatnonzero(atoms.arrays["formal_charge"] == -1)[0])]
    other = next(f for f in check(replace(built, atoms=atoms)).findings if f.check == "charge")
    assert other.level == "error"


def test_layers_and_distances_of_the_defects_are_recorded(stack, table):
    units, wall = table(stack)
    built = add_defects(stack, [parse_defect("V_Br film 4")], seed=1)
    entry = built.steps[-1].values["defects"][0]
    assert (entry["kroger_vink"], entry["region"], entry["layer"]) == ("V_Br•", "film", 4)
    unit = np.linalg.norm(units.centres - entry["position_A"], axis=1).argmin()
    assert entry["wall_distance_A"] == pytest.approx(wall[unit], abs=1e-3)


def test_a_small_cell_is_noted(stack):
    built = add_defects(stack, [parse_defect("V_Br")], seed=1)
    assert not any("periodic images" in notice for notice in built.notices)
    from heterobuild import Vertical, cut_slab, load_crystal

    parts = [cut_slab(load_crystal(f"CsPb{x}3_cubic"), (0, 0, 1), layers=2) for x in ("Br", "Cl")]
    small = Vertical().build(*parts, name="small", seed=0)
    noted = add_defects(small, [parse_defect("V_Br")]).notices[-1]
    assert f"{small.atoms.cell.lengths()[0]:.1f} Å" in noted


def test_nothing_is_built_by_halves(stack):
    with pytest.raises(UsageError):
        add_defects(stack, [parse_defect("V_Br 1"), parse_defect("V_I")])
    assert "defect" not in stack.atoms.arrays
