import numpy as np
import pytest

from heterobuild.cli.match_table import bands_line, build_command, match_lines
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.screening.alignment import align_bands

FILM, SUBSTRATE = load_crystal("CsPbBr3_cubic"), load_crystal("MAPbCl3_cubic")
FACE = (0, 0, 1)


def table(limits, rows=12):
    matches = find_matches((FILM, FACE), (SUBSTRATE, FACE), limits)
    found = [((FACE, FACE), match) for match in matches]
    return match_lines((FILM, SUBSTRATE), ("A", "B"), found, (len(found), 1, rows), limits)


def test_one_match_is_told_in_the_singular():
    lines = table(MatchLimits(max_area=50))
    assert lines[0] == "CsPbBr3_cubic on MAPbCl3_cubic: 1 match on 1 pair of faces"
    assert "1 match shown, all there are" in lines
    assert all(len(line) <= 100 for line in lines)


def test_numbers_of_a_row():
    (row,) = [line for line in table(MatchLimits(max_area=50)) if line.startswith("  (001)")]
    # a = 5.874 and 5.68 Å: ln and ratio of the two.
    assert f"{5.68**2:.1f}" in row
    assert f"{100 * np.log(5.874 / 5.68):.2f}" in row
    assert f"−{100 * (1 - 5.68 / 5.874):.2f}" in row


def test_bands():
    bands = align_bands(FILM, SUBSTRATE)
    line = bands_line(bands)
    assert f"type {bands.kind}" in line
    assert f"{bands.conduction_offset:+.2f}".replace("-", "−") in line
    unknown = bands_line(align_bands(FILM, load_crystal("Cs4PbBr6")))
    assert unknown.endswith("no tabulated band edges of the substrate")


@pytest.mark.parametrize("rank", range(6))
def test_limits_of_the_hint_leave_one_match(rank):
    limits = MatchLimits()
    entry = find_matches((FILM, FACE), (SUBSTRATE, FACE), limits)[rank]
    text = " ".join(build_command((FILM, SUBSTRATE), ("A b", "B"), (FACE, FACE), entry, limits))
    assert "'A b'" in text
    words = text.replace("=", " ").split()
    strain, area = (float(words[words.index(f"--max-{key}") + 1]) for key in ("strain", "area"))
    turn = None
    if "--rotation" in words:
        low, high = words[words.index("--rotation") + 1].split(",")
        turn = (float(low), float(high))
    tight = MatchLimits(max_strain=strain, max_area=area, rotation=turn)
    found = find_matches((FILM, FACE), (SUBSTRATE, FACE), tight)
    best = min(found, key=lambda match: match.area)
    assert best.area == pytest.approx(entry.area)
    assert best.log_strain == pytest.approx(entry.log_strain)
