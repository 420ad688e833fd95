"""The nouns of a recipe: what a part is, what is exported, and the whole."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # pydantic reads the annotations
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

if TYPE_CHECKING:
    from heterobuild.defects import Defect, Hop
    from heterobuild.recipes.document import Document
    from heterobuild.variants import Enumeration


STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)
"""How blocks are judged: no unknown keys, no conversion of types."""


@dataclass(frozen=True, kw_only=True)
class SlabOptions:
    """How one part of an interface is cut from its crystal.

    Parameters
    ----------
    crystal : str
        Name in the crystal library, or path of a CIF, POSCAR or extxyz file.
    miller : list of int or str, optional
        Face that is parallel to the interface, [0, 0, 1] or "0 0 1"; four indices for a
        hexagonal cell; "001pc" along pseudo-cubic axes. Where not given, pseudo-cubic (001), or
        (001) of a crystal without such axes.
    layers : int, optional
        Thickness in stoichiometric layers; 6 where neither this nor a thickness is given.
    thickness : float, optional
        Least thickness in Å, instead of layers.
    bottom, top : int or str, optional
        Outermost plane by its number or its formula, such as CsBr. Where not given, the bottom
        is an A-cation halide plane if there is one, and the top completes the last layer.
    symmetric : bool, optional
        Whether both ends are the same plane; the composition then departs from the crystal's.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations whose orientation diffraction leaves open.
    mixing : str, optional
        How ions are spread over the mixed sites of an alloy: random, sqs, rock-salt, planes hkl
        or rows 100, directions along the pseudo-cubic axes.
    cap_top, cap_bottom : dict, optional
        Organic monolayer on either face: ions with their shares, such as {PEA: 1}. A cation
        takes the place of an A cation of the outermost plane, an anion that of a halide; heads
        stand on the face, tails point away.
    cap_coverage : float, optional
        Share of the outermost ions that the caps replace; all by default.
    inside : dict, optional
        Molecules put inside without cutting an octahedron that stays, and how many of each the
        whole in-plane cell holds, such as {PTLA: 1}.
    expansion : float, optional
        Strain along the normal that the molecules inside cause, a fraction such as 0.015.
    """

    __pydantic_config__ = STRICT

    crystal: Annotated[str, Field(min_length=1)]
    miller: Annotated[tuple[int, ...], Field(min_length=3, max_length=4)] | str | None = None
    layers: Annotated[int, Field(ge=1)] | None = None
    thickness: Annotated[float, Field(gt=0)] | None = None
    bottom: int | str | None = None
    top: int | str | None = None
    symmetric: bool = False
    cations: Literal["aligned", "dipole-cancelled", "random"] = "aligned"
    mixing: str = "random"
    cap_top: dict[str, Annotated[float, Field(gt=0)]] | None = None
    cap_bottom: dict[str, Annotated[float, Field(gt=0)]] | None = None
    cap_coverage: Annotated[float, Field(gt=0, le=1)] = 1.0
    inside: dict[str, Annotated[int, Field(ge=1)]] | None = None
    expansion: Annotated[float, Field(ge=-0.1, le=0.1)] = 0.0


@dataclass(frozen=True, kw_only=True)
class CrystalOptions:
    """Which crystal a part is made of.

    Parameters
    ----------
    crystal : str
        Name in the crystal library, a formula, or path of a CIF, POSCAR or extxyz file.
    """

    __pydantic_config__ = STRICT

    crystal: Annotated[str, Field(min_length=1)]


PartOptions: TypeAlias = SlabOptions | CrystalOptions
"""What a recipe says about a part: how it is cut, or only its crystal."""


@dataclass(frozen=True, kw_only=True)
class MoleculeOptions:
    """A molecule of the user's own, for formulas of the parts and as a ligand.

    Parameters
    ----------
    smiles : str, optional
        Its SMILES with charges, such as CCCCCC[NH3+]; needs RDKit.
    file : str, optional
        Path of an XYZ, MOL or SDF file with all hydrogens, instead of a SMILES.
    charge : int, optional
        Net formal charge in e of the molecule in a file; a SMILES tells its own.
    site : {"spacer", "A", "ligand", "interlayer"}, optional
        Its role. Where not given, a ligand if the ligands of the build name it, else the spacer
        of a layered phase.
    """

    smiles: Annotated[str, Field(min_length=1)] | None = None
    file: Annotated[str, Field(min_length=1)] | None = None
    charge: int | None = None
    site: Literal["spacer", "A", "ligand", "interlayer"] | None = None


@dataclass(frozen=True, kw_only=True)
class ExportSettings:
    """What is written.

    Parameters
    ----------
    formats : list of str
        Formats of the structure files, such as cif, poscar, lammps and extxyz.
    species_order : list of str, optional
        Order of the elements in files that group them or number their types; all elements of
        the structure, and others that shall keep their number. Where empty, heterobuild's own
        order, which does not depend on the composition.
    freeze_layers : int, optional
        Number of planes at the bottom that selective dynamics holds fixed; 0 holds none.
    lammps_style : {"auto", "charge", "full"}, optional
        Style of the atoms in LAMMPS data files: full has molecule ids. "auto" takes full where
        there are molecules, else charge.
    """

    formats: Annotated[tuple[str, ...], Field(min_length=1)]
    species_order: tuple[str, ...] = ()
    freeze_layers: Annotated[int, Field(ge=0)] = 0
    lammps_style: Literal["auto", "charge", "full"] = "auto"


@dataclass(frozen=True, kw_only=True, eq=False)
class Recipe:
    """A recipe that fits the schema, ready to run.

    Parameters
    ----------
    name : str
        Name used for the files.
    seed : int
        The one number that all random choices come from.
    parts : mapping of str to SlabOptions or CrystalOptions
        How each part is cut, or its crystal, by its name; in the order that the architecture
        takes them.
    kind : str
        Name of the architecture, such as ``vertical``.
    build : object
        The architecture with its options.
    export : ExportSettings
        What is written.
    document : Document
        The recipe as it was written, for places in error messages.
    molecules : mapping of str to MoleculeOptions, optional
        Molecules of the user's own, by the names that formulas use.
    defects : tuple of Defect, optional
        Point defects in the finished model.
    hop : Hop or None, optional
        A halide hop, of which both ends are written.
    study : Enumeration or None, optional
        Which of the distinct interfaces of the parts are built, where all of them are wanted.
    """

    name: str
    seed: int
    parts: Mapping[str, PartOptions]
    kind: str
    build: Any
    export: ExportSettings
    document: Document
    molecules: Mapping[str, MoleculeOptions] = dataclass_field(default_factory=dict)
    defects: tuple[Defect, ...] = ()
    hop: Hop | None = None
    study: Enumeration | None = None
