"""Atomistic models of halide-perovskite heterostructures.

The public names are imported when they are first used, so that ``import heterobuild`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heterobuild.alloys.dopants import dope
    from heterobuild.alloys.doping_plans import Dopant
    from heterobuild.architectures.bulk import Bulk
    from heterobuild.architectures.core_shell import CoreShell
    from heterobuild.architectures.deposited import Deposited
    from heterobuild.architectures.embedded import Embedded
    from heterobuild.architectures.lateral import Lateral
    from heterobuild.architectures.multilayer import Multilayer
    from heterobuild.architectures.particle import Particle, carve_particle
    from heterobuild.architectures.vertical import Vertical
    from heterobuild.chemistry.compounds import parse_compound
    from heterobuild.chemistry.molecule_files import molecule_from_file
    from heterobuild.chemistry.molecules import extra_molecules
    from heterobuild.chemistry.smiles import molecule_from_smiles
    from heterobuild.compounds import load_crystal
    from heterobuild.compounds.supercells import supercell
    from heterobuild.crystals import list_crystals
    from heterobuild.defects import Defect, Hop, add_defects, halide_hop, parse_defect
    from heterobuild.errors import (
        ChecksFailedError,
        HeterobuildError,
        MissingAtomsError,
        MissingExtraError,
        NothingFitsError,
        OutputError,
        RecipeError,
        StructureFileError,
        UnknownNameError,
        UsageError,
    )
    from heterobuild.exporters import write
    from heterobuild.geometry.shapes import Shape
    from heterobuild.layered import LayeredIons, LayeredOptions, layered_crystal
    from heterobuild.matching import MatchLimits, find_matches
    from heterobuild.model import (
        Compound,
        Crystal,
        Finding,
        Heterostructure,
        LedgerEntry,
        Match,
        Molecule,
        Region,
        Report,
        SiteProfile,
        Slab,
        Source,
        Step,
        Termination,
        WallProfile,
    )
    from heterobuild.particles.options import ParticleShape
    from heterobuild.prototypes.abx3 import tilted_perovskite
    from heterobuild.provenance import Provenance, make_provenance
    from heterobuild.recipes import dry_run, load_recipe, recipe_schema, run_recipe
    from heterobuild.screening.mismatch import Mismatch, mismatch
    from heterobuild.screening.screen import Screening, screen
    from heterobuild.screening.tune import Tuning, tune
    from heterobuild.slabs import cut_slab, list_terminations
    from heterobuild.tilts.angles import tilt_angles
    from heterobuild.validation import check, check_file

_HOMES = {
    "heterobuild.architectures.bulk": ("Bulk",),
    "heterobuild.architectures.core_shell": ("CoreShell",),
    "heterobuild.architectures.deposited": ("Deposited",),
    "heterobuild.architectures.embedded": ("Embedded",),
    "heterobuild.architectures.lateral": ("Lateral",),
    "heterobuild.architectures.multilayer": ("Multilayer",),
    "heterobuild.architectures.particle": ("Particle", "carve_particle"),
    "heterobuild.architectures.vertical": ("Vertical",),
    "heterobuild.geometry.shapes": ("Shape",),
    "heterobuild.particles.options": ("ParticleShape",),
    "heterobuild.alloys.dopants": ("dope",),
    "heterobuild.alloys.doping_plans": ("Dopant",),
    "heterobuild.chemistry.compounds": ("parse_compound",),
    "heterobuild.chemistry.molecule_files": ("molecule_from_file",),
    "heterobuild.chemistry.molecules": ("extra_molecules",),
    "heterobuild.chemistry.smiles": ("molecule_from_smiles",),
    "heterobuild.compounds.supercells": ("supercell",),
    "heterobuild.layered": (
        "LayeredIons",
        "LayeredOptions",
        "layered_crystal",
    ),
    "heterobuild.prototypes.abx3": ("tilted_perovskite",),
    "heterobuild.tilts.angles": ("tilt_angles",),
    "heterobuild.compounds": ("load_crystal",),
    "heterobuild.crystals": ("list_crystals",),
    "heterobuild.defects": ("Defect", "Hop", "add_defects", "halide_hop", "parse_defect"),
    "heterobuild.errors": (
        "ChecksFailedError",
        "HeterobuildError",
        "MissingAtomsError",
        "MissingExtraError",
        "NothingFitsError",
        "OutputError",
        "RecipeError",
        "StructureFileError",
        "UnknownNameError",
        "UsageError",
    ),
    "heterobuild.exporters": ("write",),
    "heterobuild.matching": ("MatchLimits", "find_matches"),
    "heterobuild.model": (
        "Compound",
        "Crystal",
        "Finding",
        "Heterostructure",
        "LedgerEntry",
        "Match",
        "Molecule",
        "Region",
        "Report",
        "SiteProfile",
        "Slab",
        "Source",
        "Step",
        "Termination",
        "WallProfile",
    ),
    "heterobuild.provenance": ("Provenance", "make_provenance"),
    "heterobuild.recipes": ("dry_run", "load_recipe", "recipe_schema", "run_recipe"),
    "heterobuild.screening.mismatch": ("Mismatch", "mismatch"),
    "heterobuild.screening.screen": ("Screening", "screen"),
    "heterobuild.screening.tune": ("Tuning", "tune"),
    "heterobuild.slabs": ("cut_slab", "list_terminations"),
    "heterobuild.validation": ("check", "check_file"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Bulk",
    "ChecksFailedError",
    "Compound",
    "CoreShell",
    "Crystal",
    "Defect",
    "Deposited",
    "Dopant",
    "Embedded",
    "Finding",
    "HeterobuildError",
    "Heterostructure",
    "Hop",
    "Lateral",
    "LayeredIons",
    "LayeredOptions",
    "LedgerEntry",
    "Match",
    "MatchLimits",
    "Mismatch",
    "MissingAtomsError",
    "MissingExtraError",
    "Molecule",
    "Multilayer",
    "NothingFitsError",
    "OutputError",
    "Particle",
    "ParticleShape",
    "Provenance",
    "RecipeError",
    "Region",
    "Report",
    "Screening",
    "Shape",
    "SiteProfile",
    "Slab",
    "Source",
    "Step",
    "StructureFileError",
    "Termination",
    "Tuning",
    "UnknownNameError",
    "UsageError",
    "Vertical",
    "WallProfile",
    "add_defects",
    "carve_particle",
    "check",
    "check_file",
    "cut_slab",
    "dope",
    "dry_run",
    "extra_molecules",
    "find_matches",
    "halide_hop",
    "layered_crystal",
    "list_crystals",
    "list_terminations",
    "load_crystal",
    "load_recipe",
    "make_provenance",
    "mismatch",
    "molecule_from_file",
    "molecule_from_smiles",
    "parse_compound",
    "parse_defect",
    "recipe_schema",
    "run_recipe",
    "screen",
    "supercell",
    "tilt_angles",
    "tilted_perovskite",
    "tune",
    "write",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'heterobuild' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
