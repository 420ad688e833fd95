"""All tolerances of the checks in one record, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CheckLimits:
    """Tolerances of the checks.

    Parameters
    ----------
    cutoff : float
        Range of the neighbour list in Å. 4.5 holds every bond up to 1.2 (Pb–I, 4.07 Å) and
        every contact that could be too short; a longer one makes the list needlessly large.
    same_place : float
        Distance in Å below which two atoms count as one, always an error. 0.3 is under half of
        the shortest bond there is (H–H, 0.74 Å).
    unlike_error, unlike_warning : float
        Shortest distance of opposite ions as a fraction of the sum of their ionic radii. Bonds
        of real crystals begin at 0.89 (Cu–I, and Sn–I beside a lone pair).
    interface_unlike_error : float
        The same across an interface, where nothing pulls ions closer than in the crystals.
    anions_error, anions_warning : float
        Shortest distance of two anions as a fraction of the sum of their radii. Shared faces of
        octahedra shrink it to 0.92 (I–I in CsMnI3), strain a little further.
    cations_error, cations_warning : float
        The same for two cations. Anions keep them apart: real crystals begin at 1.2 (Cs–Cs in
        CsCl).
    covalent_error, covalent_warning : float
        Shortest distance as a fraction of the sum of covalent radii, for pairs with a neutral
        atom outside molecules or an ion without a tabulated radius.
    vdw_error, vdw_warning : float
        Shortest distance of a molecule's atom to another unit as a fraction of the sum of van
        der Waals radii; cations enter with their ionic radius. Real crystals begin at
        0.84 (N–I of formamidinium); below 0.8 relaxation must push the atoms apart, below 0.65
        it may not manage.
    hydrogen_bond_error, hydrogen_bond_warning : float
        The same for a hydrogen on N or O that points to a halide, O, N or S: hydrogen bonds
        are shorter, in real crystals down to 0.75.
    bond_range : float
        Length up to which a B–X pair is a bond, as a fraction of the sum of ionic radii. 1.2
        takes in the long bonds of lone-pair cations and stays below the second shell at 1.7.
    charge : float
        Allowed formal charge of the whole in e; 1e-6 is far above rounding.
    dipole : float
        Allowed formal dipole along the normal per area in e/Å. 0.01 is an unscreened potential
        step of 1.8 V, as large as a band gap. The same step limits the dipoles of particles and
        wires: 9.7 e·Å for the cube Cs54Pb27Br108, where an ion moved by one cell makes 5.9.
    vacuum : float
        Deviation of the measured vacuum in Å from the one asked for, beyond what molecules
        reach out; 0.5 covers the rumpling of the outer planes.
    vacuum_warning : float
        Vacuum in Å below which periodic images of a slab are not decoupled.
    open_gap : float
        Empty height in Å that no crystal has; the longest bond, Cs–I, spans 4.1.
    rigid : float
        Deviation in Å of distances inside a molecule from its reference geometry: 0.02 is
        above the rounding of all file formats and below any chemical change.
    bond_stretch : float
        Deviation in Å of the bonds of molecules where the crystals, and with them the exact
        geometries, are not given. 0.25 takes in the short C–H bonds of X-ray refinements.
    open_range, open_cone : float
        A B cation is at a free surface if no atom other than those of ligands lies in some cone
        around it, up to open_range in Å and open_cone in degrees from its axis. 8 Å reaches
        beyond a missing halide to the next B cation (up to 6.4 Å); 35° lies between the
        directions of the neighbours in a perovskite and the half space above a flat face.
    strain : float
        Deviation of each component of the measured from the declared strain. 0.002 is 0.01 Å
        in one unit cell, above rounding and far below any strain of interest.
    strain_pairs : int
        Fewest pairs of equivalent atoms, one repeat apart, from which the strain along the
        normal is measured; with fewer one displaced atom could decide.

    Examples
    --------
    >>> CheckLimits(vacuum_warning=12.0).vacuum_warning
    12.0
    """

    cutoff: float = 4.5
    same_place: float = 0.3
    unlike_error: float = 0.75
    unlike_warning: float = 0.85
    interface_unlike_error: float = 0.85
    anions_error: float = 0.7
    anions_warning: float = 0.8
    cations_error: float = 0.85
    cations_warning: float = 1.0
    covalent_error: float = 0.75
    covalent_warning: float = 0.85
    vdw_error: float = 0.65
    vdw_warning: float = 0.8
    hydrogen_bond_error: float = 0.6
    hydrogen_bond_warning: float = 0.7
    bond_range: float = 1.2
    charge: float = 1e-6
    dipole: float = 0.01
    vacuum: float = 0.5
    vacuum_warning: float = 10.0
    open_gap: float = 5.0
    rigid: float = 0.02
    bond_stretch: float = 0.25
    open_range: float = 8.0
    open_cone: float = 35.0
    strain: float = 0.002
    strain_pairs: int = 4
