"""Any number of slabs on one another: one common in-plane cell, stacked along the normal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Literal

from heterobuild.assembly.common_cell import onto_common_cell, reference_stretch
from heterobuild.assembly.describe import common_cell_steps
from heterobuild.assembly.energy import energy_step
from heterobuild.assembly.finished_stack import finish_stack
from heterobuild.assembly.interfaces import bring_all_together, per_interface
from heterobuild.assembly.option_ranges import is_length, require, require_stack, require_word
from heterobuild.assembly.organic_contact import interlock_stack
from heterobuild.assembly.stack_order import stack_order
from heterobuild.assembly.tilt_ramp import follow_tilts
from heterobuild.matching import MatchLimits
from heterobuild.matching.common_choice import choose_common_cell
from heterobuild.model import WallProfile

if TYPE_CHECKING:
    from heterobuild.model import Heterostructure, Slab

MOST = 1000
"""Most copies of a sequence: thicker than any film with a period of a few nanometres."""


@dataclass(frozen=True, kw_only=True)
class Multilayer:
    """A stack of any number of slabs, such as A/B/A, quantum wells, or interlayers of graphene.

    Parameters
    ----------
    sequence : tuple of str, optional
        Names of the parts from below to above, each as often as wanted, such as (barrier, well,
        barrier). Where not given, every part once, in their order.
    times : int, optional
        Copies of the sequence on top of one another.
    reference : str, optional
        Name of the part that the others are matched to and that keeps its lattice; the first
        part where not given. A film on a sheet on a crystal follows the crystal below if that
        is the reference.
    limits : MatchLimits, optional
        Largest strain of each part on the reference, and largest area of the common in-plane
        cell.
    match : int, optional
        Which of the common cells within the limits is built, counted from 0, the smallest.
    strain : {"layers", "stiffness"}, optional
        Who takes the misfit: all parts but the reference, or all as much as makes the elastic
        energy of the whole stack least.
    gaps : "auto" or list, optional
        Distance in Å between the facing planes of each interface from below to above, a number
        or auto; of a superlattice the last one closes the stack. One number or word is for all.
    shifts : list of list of float, optional
        In-plane shift of the upper part of each interface from the registry found, in fractions
        of the reference's surface vectors; none where not given.
    vacuum : float or None, optional
        Empty height in Å above and below the atoms of a slab together; the default 15 decouples
        the images of a neutral slab without a dipole. Not used for a superlattice.
    periodic : {"slab", "superlattice"}, optional
        A slab with vacuum, or an endless stack.
    turned : tuple of str, optional
        Names of the parts that are turned upside down by a proper two-fold rotation.
    repeat : tuple of int, optional
        Copies of the common cell along its two vectors.
    profile : WallProfile, optional
        Composition profile across all walls where the octahedral network continues.
    profiles : list of WallProfile, optional
        One profile an interface from below to above, in place of `profile`; of a superlattice
        the last one is that of the wall that closes the stack.
    tilts : {"kept", "matched", "ramped"}, optional
        What becomes of octahedral tilts at the walls of the reference: kept as they are, or taken
        over from it by the parts next to it, in full over the given octahedra or falling off
        linearly.
    tilt_planes : int, optional
        Octahedra from the wall over which the tilts are taken over. The default 3 is a start for
        a relaxation, no measured length.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import cut_slab
    >>> barrier = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2)
    >>> well = cut_slab(load_crystal("CsSnBr3_cubic"), "001", layers=1)
    >>> stack = Multilayer(sequence=("barrier", "well"), times=2, periodic="superlattice")
    >>> built = stack.build(barrier, well, names=("barrier", "well"))
    >>> [region.name for region in built.regions], len(built.atoms)
    (['barrier', 'well', 'barrier (2)', 'well (2)'], 30)
    """

    sequence: tuple[str, ...] = ()
    times: int = 1
    reference: str | None = None
    limits: MatchLimits = field(default_factory=MatchLimits)
    match: int = 0
    strain: Literal["layers", "stiffness"] = "layers"
    gaps: float | Literal["auto"] | tuple[float | Literal["auto"], ...] = "auto"
    shifts: tuple[tuple[float, float], ...] = ()
    vacuum: float | None = 15.0
    periodic: Literal["slab", "superlattice"] = "slab"
    turned: tuple[str, ...] = ()
    repeat: tuple[int, int] = (1, 1)
    profile: WallProfile = field(default_factory=WallProfile)
    profiles: tuple[WallProfile, ...] = ()
    tilts: Literal["kept", "matched", "ramped"] = "kept"
    tilt_planes: int = 3

    def __post_init__(self) -> None:
        """Refuse options that no stack can have."""
        require_word("periodic", self.periodic, ("slab", "superlattice"))
        require_word("strain", self.strain, ("layers", "stiffness"))
        require_stack(
            periodic=self.periodic,
            vacuum=self.vacuum,
            repeat=self.repeat,
            match=self.match,
            tilts=self.tilts,
            tilt_planes=self.tilt_planes,
        )
        require(1 <= self.times <= MOST, "times", self.times, f"1 to {MOST}", "use 1")
        every = self.gaps if isinstance(self.gaps, tuple) else (self.gaps,)
        require(
            all(gap == "auto" or is_length(gap, most=100) for gap in every),
            "gaps",
            self.gaps,
            "auto, or more than 0 and at most 100 Å",
            "use auto",
        )
        require(
            all(isfinite(part) for shift in self.shifts for part in shift),
            "shifts",
            self.shifts,
            "finite",
            "use [0, 0]",
        )

    def build(
        self,
        substrate: Slab,
        *layers: Slab,
        names: tuple[str, ...] = (),
        name: str = "multilayer",
        seed: int = 0,
    ) -> Heterostructure:
        """Build the stack.

        Parameters
        ----------
        substrate : Slab
            The lowest part, as cut, unless `sequence` says otherwise.
        *layers : Slab
            The other parts, from below to above.
        names : tuple of str, optional
            Names of all parts; "substrate", "layer-1", "layer-2" and so on where not given.
        name : str, optional
            Name of the result, used for files.
        seed : int, optional
            Seed for the ions of mixed sites and the orientation of molecular cations.

        Returns
        -------
        Heterostructure
            The labelled atoms and every choice made on the way.

        Raises
        ------
        NothingFitsError
            If no common cell is within the limits; the message names the part that does not
            fit and holds the nearest misses.
        UsageError
            If there is one part only, a name is unknown or given twice, a list of gaps or
            shifts has the wrong length, or molecules do not fit into a fixed gap.
        """
        order = stack_order(
            (substrate, *layers),
            names,
            sequence=self.sequence,
            times=self.times,
            reference=self.reference,
            turned=self.turned,
        )
        count = len(order.slabs) - (self.periodic == "slab")
        gaps: list[float | Literal["auto"]] = per_interface("gaps", self.gaps, "auto", count)
        shifts = per_interface("shifts", self.shifts, (0.0, 0.0), count)
        rest, name_of = dict(order.slabs), order.reference
        base = (name_of, rest.pop(name_of))
        common, others = choose_common_cell(rest, base, self.limits, rank=self.match)
        share: float | Literal["stiffness"] = "stiffness" if self.strain == "stiffness" else 1.0
        made, frame = onto_common_cell(
            common,
            rest,
            base,
            stretch=reference_stretch(common, list(rest.values()), base[1], share=share),
            repeats=self.repeat,
            seed=seed,
        )
        parts = [made[label] for label in order.slabs]
        parts = interlock_stack(parts, frame, endless=self.periodic == "superlattice")
        contacts = bring_all_together(parts, frame, made[name_of], gaps=gaps, shifts=shifts)
        parts, contacts = follow_tilts(
            parts, contacts, frame, source=name_of, rule=self.tilts, planes=self.tilt_planes
        )
        misfits = {label: fit.log_strain for label, fit in zip(rest, common.matches, strict=True)}
        copies = Counter(order.part_of.values())
        described = [made[name] for name in dict.fromkeys(order.part_of.values())]
        energy = energy_step(
            [(part, copies[part.name], misfits.get(part.name)) for part in described], frame.cell
        )
        fits = common_cell_steps(
            common,
            others,
            [order.part_of[label] for label in rest],
            name_of,
            frame,
            window=self.limits.rotation,
        )
        return finish_stack(
            parts,
            contacts,
            frame,
            name=name,
            fits=fits,
            energy=energy,
            described=described,
            vacuum=None if self.periodic == "superlattice" else float(self.vacuum or 0.0),
            profile=self.profile,
            profiles=self.profiles,
            tilts=self.tilts,
        )
