"""Spellings of formulas: subscripts of all kinds, and molecules by their condensed formula."""

from __future__ import annotations

import re

CONDENSED = {
    "CH3CH2NH3": "EA",
    "C2H5NH3": "EA",
    "(CH3)2NH2": "DMA",
    "CH3NH3": "MA",
    "NH3CH3": "MA",
    "CH(NH2)2": "FA",
    "HC(NH2)2": "FA",
    "NH2CHNH2": "FA",
    "C(NH2)3": "GUA",
    "C4H9NH3": "BA",
    "CH3(CH2)3NH3": "BA",
    "C8H17NH3": "OA",
    "CH3(CH2)7NH3": "OA",
    "C6H5CH2NH3": "PMA",
    "C6H5C2H4NH3": "PEA",
    "C6H5CH2CH2NH3": "PEA",
    "C6H5(CH2)2NH3": "PEA",
    "p-FPEA": "pFPEA",
    "p-F-PEA": "pFPEA",
    "4FPEA": "pFPEA",
    "4-FPEA": "pFPEA",
    "m-FPEA": "mFPEA",
    "m-F-PEA": "mFPEA",
    "Br-PEA": "BrPEA",
    "Br-DMA": "BrDMA",
    "5-AVA": "5AVA",
    "n-BA": "BA",
    "Gua": "GUA",
    "RMBA": "R-MBA",
    "SMBA": "S-MBA",
}
"""Ways to write a molecule that its file does not name."""

_CONDENSED = re.compile("|".join(map(re.escape, sorted(CONDENSED, key=len, reverse=True))))
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ₓₙ−–‐‑[]{}", "0123456789+-xn----()()")
_BRACED = re.compile(r"_?\{([\d./]*)\}")


def plain_text(formula: str) -> str:
    """Return a formula without blanks, with plain digits and parentheses.

    Parameters
    ----------
    formula : str
        With Unicode, TeX (``Br_{3}``) or HTML subscripts, or none.

    Returns
    -------
    str
        The same formula on one level; molecules are not replaced.

    Examples
    --------
    >>> plain_text("CsPb(Br₀.₄I_{0.6})<sub>3</sub>")
    'CsPb(Br0.4I0.6)3'
    """
    text = re.sub(r"</?su[bp]>|[\s$]", "", formula)
    return _BRACED.sub(r"\1", text).translate(_PLAIN).replace("_", "")


def short_names(text: str) -> str:
    """Replace molecules that are spelled out by their short names in parentheses.

    Parameters
    ----------
    text : str
        A formula from `plain_text`.

    Returns
    -------
    str
        The formula.

    Examples
    --------
    >>> short_names("CH3NH3PbI3"), short_names("(C4H9NH3)2PbI4")
    ('(MA)PbI3', '((BA))2PbI4')
    """
    return _CONDENSED.sub(lambda match: f"({CONDENSED[match[0]]})", text)
