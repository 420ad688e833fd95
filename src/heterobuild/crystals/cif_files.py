"""Read CIF files: symmetry expanded, disorder and damage refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from ase import Atoms
from ase.data import atomic_numbers, chemical_symbols

from heterobuild.crystals.metric import cell_vectors
from heterobuild.crystals.mixed_sites import mixed_sites
from heterobuild.crystals.orbits import expand
from heterobuild.errors import StructureFileError

if TYPE_CHECKING:
    from pathlib import Path

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Mixture

_OPERATIONS = ("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz")
_SYMBOLS = (
    "_space_group_name_Hall",
    "_symmetry_space_group_name_Hall",
    "_space_group_name_H-M_alt",
    "_symmetry_space_group_name_H-M",
    "_space_group_IT_number",
    "_symmetry_Int_Tables_number",
)
_CELL = (
    "_cell_length_a",
    "_cell_length_b",
    "_cell_length_c",
    "_cell_angle_alpha",
    "_cell_angle_beta",
    "_cell_angle_gamma",
)
_NAMED = 5
_UNIT = re.compile(r"([A-Z][a-z]?)(\d+\.?\d*)?")
_SAME_RATIO = 0.01


def read_cif(path: Path) -> tuple[Atoms, tuple[str, ...]]:
    """Read the first structure of a CIF file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    ase.Atoms
        All atoms of the cell; deuterium counts as hydrogen, dummy atoms are left out. Its
        ``info["mixtures"]`` holds a `Mixture` for each kind of position that ions share, and
        ``info["charges"]`` the oxidation number of each element that the file gives one of.
    tuple of str
        What the user should know about the reading.

    Raises
    ------
    StructureFileError
        If the file is damaged, has no cell or no atoms, other atoms than its formula says,
        disorder other than shared positions, unknown elements, unreadable symmetry operations, or a
        transformation matrix that changes the hand.
    """
    block, notices = _block(path)
    cell = _cell(block, path)
    _require_hand(block, path)
    labels, numbers, sites = _sites(block, path)
    real = _real_atoms(block, len(labels))
    keep, mixtures = mixed_sites(
        labels, numbers, sites, _occupancies(block, len(labels)), file=path.name
    )
    real &= keep
    rotations, translations, told = _symmetry(block, path)
    fractional, owner = expand(sites[real], rotations, translations, cell)
    atoms = Atoms(numbers=numbers[real][owner], scaled_positions=fractional, cell=cell, pbc=True)
    _require_formula(block, atoms, mixtures, path)
    atoms.info["mixtures"] = mixtures
    atoms.info["charges"] = _oxidation_numbers(block)
    return atoms, (*notices, *told)


def _occupancies(block: Any, count: int) -> FloatArray:
    """Return the occupancy of each site, nan where the file says nothing."""
    column = [_number(text) for text in block.find_values("_atom_site_occupancy")]
    return np.array(column if len(column) == count else [np.nan] * count)


def _oxidation_numbers(block: Any) -> dict[str, float]:
    """Return the oxidation numbers of elements that the file states without contradiction."""
    symbols = _text(block, "_atom_type_symbol")
    numbers = [_number(text) for text in block.find_values("_atom_type_oxidation_number")]
    if len(symbols) != len(numbers):
        return {}
    found: dict[str, set[float]] = {}
    for symbol, number in zip(symbols, numbers, strict=True):
        if (element := _element(symbol)) and np.isfinite(number):
            found.setdefault(str(chemical_symbols[element]), set()).add(number)
    return {symbol: values.pop() for symbol, values in found.items() if len(values) == 1}


def _require_formula(block: Any, atoms: Atoms, mixtures: tuple[Mixture, ...], path: Path) -> None:
    """Compare the atoms with the formula of the file; hydrogen is often left out of both."""
    text = next(iter(_text(block, "_chemical_formula_sum") or [""]), "")
    pairs = ((symbol, float(number or 1)) for symbol, number in _UNIT.findall(text))
    stated = {symbol: number for symbol, number in pairs if symbol in atomic_numbers and number}
    symbols, counts = np.unique(atoms.get_chemical_symbols(), return_counts=True)
    found = dict(zip(symbols.tolist(), counts.astype(float).tolist(), strict=True))
    for mixture in mixtures:
        total = found.pop(mixture.parent)
        for ion, share in mixture.shares:
            found[ion] = found.get(ion, 0.0) + share * total
    heavy = sorted((stated.keys() | found.keys()) - {"H", "D"})
    ratios = [found.get(symbol, 0) / stated.get(symbol, np.inf) for symbol in heavy]
    if not stated or not heavy or min(ratios) > (1 - _SAME_RATIO) * max(ratios):
        return
    raise StructureFileError(
        "the atoms do not have the formula that the file states; it may be truncated",
        where=path.name,
        measured=atoms.get_chemical_formula(),
        allowed=f"{text}, or a multiple (_chemical_formula_sum)",
        next_step="complete the file; if the atoms are right, delete or correct the formula",
    )


def _bad(path: Path, what: str, *, next_step: str = "export the file again") -> StructureFileError:
    """Return the error for a damaged file."""
    return StructureFileError(what, where=path.name, next_step=next_step)


def _block(path: Path) -> tuple[Any, tuple[str, ...]]:
    """Return the first data block with atoms."""
    from gemmi import cif

    try:
        document = cif.read_string(path.read_bytes().decode("utf-8", errors="replace"))
    except (ValueError, RuntimeError, OSError) as error:
        detail = str(error).removeprefix("string:")
        raise _bad(path, f"the CIF is damaged or truncated, line {detail}") from error
    filled = [block for block in document if len(block.find_values("_atom_site_fract_x"))]
    if not filled:
        raise _bad(path, "the CIF has no atoms (no loop with _atom_site_fract_x)")
    if len(filled) == 1:
        return filled[0], ()
    return filled[0], (
        f"{path.name} has {len(filled)} structures; the first, {filled[0].name}, is used",
    )


def _number(text: str | None) -> float:
    """Read a CIF number, uncertainty dropped; nan where it is none."""
    from gemmi import cif

    return float(cif.as_number(text)) if text else float("nan")


def _cell(block: Any, path: Path) -> FloatArray:
    """Return the cell matrix."""
    values = [_number(block.find_value(tag)) for tag in _CELL]
    lacking = [tag for tag, value in zip(_CELL, values, strict=True) if not np.isfinite(value)]
    if lacking:
        raise _bad(path, f"the cell is missing or incomplete ({', '.join(lacking)})")
    cell = cell_vectors(values)
    if cell is None:
        raise _bad(path, f"the cell {values} has no volume", next_step="correct the cell")
    return cell


def _require_hand(block: Any, path: Path) -> None:
    """Refuse axes that are declared left-handed."""
    for kind in ("fract", "Cartn"):
        tags = [f"_atom_sites_{kind}_tran_matrix_{i}{j}" for i in "123" for j in "123"]
        matrix = np.array([_number(block.find_value(tag)) for tag in tags]).reshape(3, 3)
        if np.isfinite(matrix).all() and np.linalg.det(matrix) <= 0:
            raise StructureFileError(
                "the axes are left-handed: the transformation matrix changes the hand",
                where=path.name,
                measured=f"determinant {np.linalg.det(matrix):.4g}",
                allowed="a positive determinant",
                next_step="export the structure with right-handed axes",
            )


def _sites(block: Any, path: Path) -> tuple[list[str], IntArray, FloatArray]:
    """Return label, atomic number and position of each site."""
    columns = [list(block.find_values(f"_atom_site_fract_{axis}")) for axis in "xyz"]
    names = _text(block, "_atom_site_label") or _text(block, "_atom_site_type_symbol")
    types = _text(block, "_atom_site_type_symbol") or names
    if not names or len({len(column) for column in (*columns, names, types)}) != 1:
        raise _bad(path, "the atom loop lacks labels or coordinates")
    sites = np.array([[_number(text) for text in column] for column in columns]).T
    unknown = [n for n, site in zip(names, sites, strict=True) if not np.isfinite(site).all()]
    if unknown:
        raise _bad(path, f"the coordinates of {_list(unknown)} are missing")
    elements = {text: _element(text) for text in dict.fromkeys(types)}
    strange = [text for text, element in elements.items() if not element]
    if strange:
        raise _bad(path, f"no chemical element in {_list(strange)}", next_step="name the elements")
    return names, np.array([elements[text] for text in types]), sites


def _text(block: Any, tag: str) -> list[str]:
    """Return a column as plain text."""
    from gemmi import cif

    return [cif.as_string(value) for value in block.find_values(tag)]


def _element(text: str) -> int:
    """Return the atomic number of a type symbol or label such as Pb2+, I1A, D3; 0 for none."""
    letters = ""
    for character in text.strip():
        if not character.isalpha():
            break
        letters += character
    for length in (2, 1):
        symbol = letters[:length].capitalize()
        if len(symbol) == length and symbol in atomic_numbers and symbol != "X":
            return int(atomic_numbers[symbol])
    return 1 if letters[:1].upper() in {"D", "T"} else 0


def _real_atoms(block: Any, count: int) -> BoolArray:
    """Tell atoms from dummies that only mark a position."""
    flags = _text(block, "_atom_site_calc_flag")
    if len(flags) != count:
        return np.ones(count, dtype=bool)
    return np.array([flag.lower() != "dum" for flag in flags])


def _list(names: list[str]) -> str:
    """Name the first few."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _symmetry(block: Any, path: Path) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Return the operations: those listed, else those of the symbol."""
    import gemmi

    texts = next((column for tag in _OPERATIONS if (column := _text(block, tag))), [])
    named = _named_group(block)
    try:
        operations = [gemmi.Op(text) for text in texts]
    except (ValueError, RuntimeError) as error:
        raise _bad(path, f"a symmetry operation cannot be read ({error})") from error
    if operations and gemmi.Op("x,y,z") not in operations:
        raise _bad(path, "the list of symmetry operations lacks the identity x,y,z")
    told: tuple[str, ...] = ()
    if not operations:
        operations = list(named.operations()) if named is not None else [gemmi.Op("x,y,z")]
        if named is None:
            told = (f"{path.name} names no symmetry; it is read as P1, all atoms listed",)
    elif named is not None and len(operations) != len(list(named.operations())):
        usual = f"{named.short_name()} has {len(list(named.operations()))}"
        told = (
            f"{path.name} lists {len(operations)} symmetry operations, {usual}; those listed count",
        )
    scale = float(gemmi.Op.DEN)
    rotations = np.array([operation.rot for operation in operations]) / scale
    translations = np.array([operation.tran for operation in operations]) / scale
    return rotations, translations, told


def _named_group(block: Any) -> Any:
    """Return the space group that the file names, or None."""
    import gemmi

    alpha, gamma = (_number(block.find_value(tag)) for tag in (_CELL[3], _CELL[5]))
    for tag in _SYMBOLS:
        text = next(iter(_text(block, tag) or [""]), "").strip()
        if not text or text in {"?", "."}:
            continue
        try:
            if text.isdigit():
                group = gemmi.find_spacegroup_by_number(int(text))
            elif "Hall" in tag:
                group = gemmi.find_spacegroup_by_ops(gemmi.symops_from_hall(text))
            else:
                group = gemmi.find_spacegroup_by_name(text, alpha, gamma)
        except (ValueError, RuntimeError):
            continue
        if group is not None:
            return group
    return None
