import hashlib
from pathlib import Path

from heterobuild.compounds import load_crystal
from heterobuild.recipes.sources import data_files

STRUCTURES = Path(__file__).parents[3] / "structures"


def test_every_fingerprint_is_that_of_the_file():
    crystals = {"film": load_crystal("CsPbBr3_cubic"), "substrate": load_crystal("MAPbCl3_cubic")}
    found = data_files(crystals, {}, ())
    names = [name for name, _, _ in found]
    assert names == sorted(names)
    assert set(names) >= {
        "radii.toml",
        "elastic.toml",
        "molecules/MA.toml",
        "phases/abx3/CsPbBr3_cubic.toml",
        "phases/abx3/MAPbCl3_cubic.toml",
    }
    for name, digest, _ in found:
        assert hashlib.sha256((STRUCTURES / name).read_bytes()).hexdigest() == digest


def test_own_files_stand_for_the_library_even_under_its_names():
    crystals = {"film": load_crystal("CsPbBr3_cubic")}
    found = data_files(crystals, {"CsPbBr3_cubic.cif": b"mine"}, ("film",))
    names = [name for name, _, _ in found]
    assert "CsPbBr3_cubic.cif" in names
    assert "phases/abx3/CsPbBr3_cubic.toml" not in names
