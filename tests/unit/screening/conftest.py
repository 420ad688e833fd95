import pytest


@pytest.fixture
def cif_of(tmp_path):
    """Return a function that writes a crystal of the library as CIF with ASE."""
    from ase.io import write

    from heterobuild.compounds import load_crystal

    def make(name, path):
        atoms = load_crystal(name).require_atoms().copy()
        plain = atoms.__class__(
            atoms.get_chemical_symbols(), positions=atoms.positions, cell=atoms.cell, pbc=True
        )
        write(path, plain, format="cif")
        return path

    return make
