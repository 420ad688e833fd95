# ruff: noqa: E501  # a table, one line a case
import pytest

from heterobuild.errors import HeterobuildError

LIMITS = "limits: {max_strain: 0.05, max_area: 400}"
EXPORT = "export: [cif, poscar, lammps, extxyz]"

# what is replaced, by what, and pieces of the message in their order
WRONG = [
    ("max_strain: 0.05", "max_strian: 0.05", ["r.yaml:9:12: build.limits.max_strian: unknown key", "did you mean max_strain?"]),
    ("gap: auto", "gpa: auto", ["r.yaml:11:3: build.gpa: unknown key", "did you mean gap?"]),
    ("name: pair", "nam: pair", ["r.yaml:2:1: nam: unknown key", "did you mean name?"]),
    ("layers: 6, bottom", "layer: 6, bottom", ["r.yaml:5:53: parts.film.layer: unknown key", "layers"]),
    ("max_strain: 0.05", "max_strain: 5", ["r.yaml:9:12: build.limits.max_strain: a percentage", "found 5;", "write 0.05"]),
    ("max_strain: 0.05", "max_strain: 5%", ["a percentage", "found 5%", "write 0.05"]),
    ("max_strain: 0.05", 'max_strain: "3.5 %"', ["a percentage", "write 0.035"]),
    ("strain: film", "strain: {film: 70%}", ["build.strain.film: a percentage", "write 0.7"]),
    ("max_strain: 0.05", 'max_strain: "0.05"', ['found "0.05"', "allowed a number", "remove the quotation marks"]),
    ("max_strain: 0.05", "max_strain: -0.05", ["r.yaml:9:12: build.limits.max_strain:", "fraction"]),
    ("max_area: 400", "max_area: -1", ["r.yaml:9:30: build.limits.max_area:", "found -1"]),
    ("max_area: 400", "max_area: .nan", ["build.limits.max_area: not a finite number", "found NaN"]),
    ("max_area: 400", "max_area: .inf", ["not a finite number", "found Infinity"]),
    ("vacuum: 15", "vacuum: -15", ["r.yaml:12:3: build.vacuum:", "found -15", "1000 Å", "use 15"]),
    ("vacuum: 15", "vacuum: much", ["r.yaml:12:3: build.vacuum:", 'found "much"', "allowed a number"]),
    ("vacuum: 15", "vacuum: true", ["build.vacuum", "found true"]),
    ("gap: auto", "gap: atuo", ["r.yaml:11:3: build.gap:", "auto", "did you mean auto?"]),
    ("gap: auto", "gap: -3", ["r.yaml:11:3: build.gap:", "found -3"]),
    ("strain: film", "strain: flim", ["r.yaml:10:3: build.strain:", "did you mean film?"]),
    ("strain: film", "strain: {flim: 0.7}", ["r.yaml:10:12: build.strain.flim: unknown key", "film"]),
    ("strain: film", "strain: {film: 1.7}", ["r.yaml:10:", "build.strain", "from 0 to 1"]),
    ("vacuum: 15", "repeat: [1]", ["build.repeat", "a list [an integer, an integer]"]),
    ("vacuum: 15", "repeat: [0, 1]", ["build.repeat", "1 or more"]),
    ("vacuum: 15", "periodic: superlatice", ["build.periodic", "did you mean superlattice?"]),
    ("vacuum: 15", "match: -1", ["build.match", "0 or more"]),
    (LIMITS, "limits: 5", ["r.yaml:9:3: build.limits:", "a block with the keys"]),
    ("kind: vertical", "kind: vertcal", ["r.yaml:8:3: build.kind: unknown architecture", "vertical"]),
    ("kind: vertical", "match: 0", ["r.yaml:7:1: build: the key kind is missing"]),
    ("[0, 0, 1]", "001", ["r.yaml:5:34: parts.film.miller:", "001, read as 1", 'write [0, 0, 1] or "0 0 1"']),
    ("[0, 0, 1]", "110", ["a bare integer", 'write [1, 1, 0] or "1 1 0"']),
    ("[0, 0, 1]", "0", ["a bare integer", "found 0, read as 0"]),
    ("[0, 0, 1]", "[0, 1]", ["parts.film.miller", "found [0, 1]"]),
    ("[0, 0, 1]", "[0, 0, 0]", ["r.yaml:5:34: parts.film.miller:", "name no plane"]),
    ("[0, 0, 1]", "abc", ["r.yaml:5:34: parts.film.miller:", "'abc'"]),
    ("[0, 0, 1]", "[0, 0, 1.0]", ["parts.film.miller"]),
    ("layers: 6, bottom", "layers: 0, bottom", ["parts.film.layers", "found 0", "an integer ≥ 1"]),
    ("layers: 6, bottom", "layers: 6.5, bottom", ["parts.film.layers", "found 6.5", "an integer"]),
    ("layers: 6, bottom", "layers: 6, thickness: 30, bottom", ["r.yaml:5:64: parts.film.thickness: both", "6 layers and 30 Å"]),
    ("layers: 6, bottom", "thickness: -3, bottom", ["parts.film.thickness", "a number > 0"]),
    ("bottom: CsBr", "bottom: 1.5", ["parts.film.bottom", "an integer or text"]),
    ("cations: dipole-cancelled", "cations: cancelled", ["parts.substrate.cations", "did you mean dipole-cancelled?"]),
    ("crystal: MAPbCl3_cubic, ", "", ["r.yaml:6:3: parts.substrate: the key crystal is missing"]),
    ("crystal: CsPbBr3_cubic", "crystal: ''", ["parts.film.crystal", 'found ""']),
    ("  film:", "  flim:", ["r.yaml:5:3: parts.flim: unknown key", "did you mean film?", "1 more problem"]),
    ("parts:", "parts: 3\nmore:", ["r.yaml:4:1: parts:", "a block with the keys film, substrate"]),
    ("seed: 7", "seed: -7", ["r.yaml:3:1: seed:", "found -7", "an integer ≥ 0"]),
    ("seed: 7", "seed: 7.0", ["r.yaml:3:1: seed:", "found 7.0", "an integer"]),
    ("seed: 7", "seed: yes", ["r.yaml:3:1: seed:", 'found "yes"']),
    ("seed: 7", "seed:", ["r.yaml:3:1: seed:", "found nothing"]),
    ("name: pair", "name: ../pair", ["r.yaml:2:1: name:", "letters, digits"]),
    ("name: pair", 'name: "a\\nb"', ["r.yaml:2:1: name:", "letters, digits"]),
    ("schema_version: 1\n", "", ["schema_version is missing", "write schema_version: 1"]),
    ("schema_version: 1", "schema_version: 2", ["r.yaml:1:1: schema_version:", "later version", "found 2", "allowed 1", "newer heterobuild"]),
    ("schema_version: 1", "schema_version: true", ["r.yaml:1:1: schema_version:", "unknown version"]),
    (EXPORT + "\n", "", ["r.yaml: the key export is missing", "add export"]),
    (EXPORT, "export: []", ["r.yaml:13:1: export:"]),
    (EXPORT, "export: cif", ["r.yaml:13:1: export:", "a list of names"]),
    ("cif, ", "ciff, ", ["r.yaml:13:10: export.0: unknown file format 'ciff'", "cif"]),
    ("cif, ", "cif, cif, ", ["r.yaml:13:15: export.1: cif is given twice"]),
    (EXPORT, "export: {formats: [ciff]}", ["r.yaml:13:20: export.formats.0: unknown file format"]),
    (EXPORT, "export: {formats: [cif], species_order: [Cs, Xx]}", ["export.species_order.1: unknown element 'Xx'"]),
    (EXPORT, "export: {formats: [cif], freeze_layers: -1}", ["export.freeze_layers", "≥ 0"]),
    (EXPORT, "export: {formats: [lammps], lammps_style: ful}", ["lammps_style", "full"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "pieces"), WRONG, ids=[new[:30] for _, new, _ in WRONG])
def test_a_mistake_is_one_line_with_place_and_advice(text, make, old, new, pieces):
    assert old in text
    with pytest.raises(HeterobuildError) as error:
        make(text.replace(old, new, 1))
    message = str(error.value)
    assert error.value.exit_code == 2
    assert "\n" not in message
    position = 0
    for piece in pieces:
        assert piece in message[position:], message
        position = message.index(piece, position)


def test_the_untouched_recipe_is_right(text, make):
    assert make(text).name == "pair"


def test_several_mistakes_are_counted_and_the_first_is_shown(text, make):
    wrong = text.replace("seed: 7", "sed: 7").replace("gap: auto", "gpa: auto")
    with pytest.raises(HeterobuildError, match=r"r\.yaml:3:1: sed: .*then 1 more problem"):
        make(wrong)


def test_a_setting_of_the_command_line_is_the_place(text, make):
    with pytest.raises(HeterobuildError, match=r"^--set build\.limits\.max_strain: a percentage"):
        make(text, "build.limits.max_strain=5")
