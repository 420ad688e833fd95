"""A small interface by hand: three CsBr/PbBr2 planes below, one plane with a molecule above."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.model import Heterostructure, Match, Molecule, Region, Source, Step
from heterobuild.provenance import make_provenance

SYMBOLS = ["Br", "Cs", "Pb", "Br", "Br", "Cs", "Br", "N", "C", "H"]
ACROSS = [3, 0, 3, 0, 3, 0, 3, 0, 0, 0]
ALONG = [3, 0, 3, 3, 0, 0, 3, 0, 0, 0]
HEIGHTS = [0.0, 0.0, 3.0, 3.0, 3.0, 6.0, 6.0, 8.6, 9.9, 10.9]
CHARGES = [-1.0, 1.0, 2.0, -1.0, -1.0, 1.0, -1.0, 1.0, 0.0, 0.0]
MOLECULE = [0] * 7 + [1] * 3


@pytest.fixture
def built():
    cell = np.diag([6.0, 6.0, 20.0])
    positions = np.column_stack([ACROSS, ALONG, HEIGHTS]).astype(float)
    atoms = labels.label(
        Atoms(SYMBOLS, positions=positions, cell=cell, pbc=True),
        site=np.array([3, 1, 2, 3, 3, 1, 3, 1, 1, 1]),
        molecule=np.array(MOLECULE),
        kind=np.array(MOLECULE),
        charge=np.array(CHARGES),
    )
    atoms.arrays["region"] = np.array([1] * 7 + [2] * 3)
    atoms.arrays["layer"] = np.array([-3, -3, -2, -2, -2, -1, -1, 1, 1, 1])
    molecule = Molecule(
        name="MA",
        formula="CHN",
        charge=1.0,
        numbers=np.array([7, 6, 1]),
        positions=np.zeros((3, 3)),
        charges=np.array([1.0, 0.0, 0.0]),
        head=(0,),
        source=Source(citation="made by hand"),
    )
    strain = np.zeros((3, 3))
    regions = tuple(
        Region(code=i, name=name, crystal=crystal, formula=crystal, cell=cell, strain=strain + e)
        for i, name, crystal, e in ((1, "substrate", "CsPbBr3", 0), (2, "film", "MAPbCl3", 0.0125))
    )
    match = Match(
        film=np.eye(2, dtype=int),
        substrate=np.eye(2, dtype=int),
        area=36.0,
        film_area=35.1,
        strains=(0.0125, np.float64(0.0125)),
        log_strain=0.0124,
        rotation=0.0,
        deformation=np.eye(2),
    )
    return Heterostructure(
        name="hand-made",
        atoms=atoms,
        regions=regions,
        molecules=(molecule,),
        match=match,
        steps=(Step(name="gap", choice="touching ions", values={"gap_angstrom": np.float64(2.6)}),),
        notices=('the cell of "X" is estimated\\',),
    )


@pytest.fixture
def provenance(built):
    return make_provenance({"name": built.name, "seed": 7}, seed=7, steps=built.steps)
