"""The nouns: small frozen records that the verbs of the other modules take and return.

Lengths are in Å, angles in degrees, charges in units of e, strains are fractions. Cells are
row vectors and right-handed; the stacking axis of slabs and interfaces is the third one.
Records compare by identity, because arrays do not compare to one truth value.
"""

from heterobuild.model.compounds import Compound, Mixture, Sublattice
from heterobuild.model.crystals import Confidence, Crystal, Molecule, Origin, Source
from heterobuild.model.estimates import Estimate
from heterobuild.model.heterostructures import Heterostructure, Match, Region, Step
from heterobuild.model.ledger import Action, LedgerEntry
from heterobuild.model.profiles import SiteProfile, WallProfile
from heterobuild.model.reports import Finding, Level, Report
from heterobuild.model.slabs import Miller, Slab, Stacking, Termination

__all__ = [
    "Action",
    "Compound",
    "Confidence",
    "Crystal",
    "Estimate",
    "Finding",
    "Heterostructure",
    "LedgerEntry",
    "Level",
    "Match",
    "Miller",
    "Mixture",
    "Molecule",
    "Origin",
    "Region",
    "Report",
    "SiteProfile",
    "Slab",
    "Source",
    "Stacking",
    "Step",
    "Sublattice",
    "Termination",
    "WallProfile",
]
