"""The demo's interface with pymatgen and ASE: peer_pymatgen.py FILM.cif SUBSTRATE.cif FOLDER N.

Builds CsPbBr3 on MAPbCl3 along [001] with `CoherentInterfaceBuilder`, six layers each, repeats it
N times in both directions of the plane and writes the same four formats with the writers of ASE,
which are the quicker ones. No checks are made, no provenance is written.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")


def main(film_file: str, substrate_file: str, folder: str, repeat: str) -> None:
    """Build and write."""
    from ase.io import write
    from pymatgen.analysis.interfaces.coherent_interfaces import CoherentInterfaceBuilder
    from pymatgen.analysis.interfaces.zsl import ZSLGenerator
    from pymatgen.core import Structure
    from pymatgen.io.ase import AseAtomsAdaptor

    builder = CoherentInterfaceBuilder(
        film_structure=Structure.from_file(film_file),
        substrate_structure=Structure.from_file(substrate_file),
        film_miller=(0, 0, 1),
        substrate_miller=(0, 0, 1),
        zslgen=ZSLGenerator(max_area=400, max_length_tol=0.05, max_angle_tol=0.01),
    )
    interface = next(
        builder.get_interfaces(
            builder.terminations[0],
            gap=2.97,
            vacuum_over_film=15,
            film_thickness=6,
            substrate_thickness=6,
        )
    )
    atoms = AseAtomsAdaptor.get_atoms(interface, msonable=False)
    for name in [name for name in atoms.arrays if name not in {"numbers", "positions"}]:
        del atoms.arrays[name]
    atoms = atoms.repeat((int(repeat), int(repeat), 1))
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, form in (
        ("cif", "cif"),
        ("vasp", "vasp"),
        ("data", "lammps-data"),
        ("xyz", "extxyz"),
    ):
        write(target / f"peer.{name}", atoms, format=form)
    print(len(atoms))


if __name__ == "__main__":
    main(*sys.argv[1:])
