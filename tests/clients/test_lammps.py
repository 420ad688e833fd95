"""The program lmp reads the data file as the structure that was built."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest

from heterobuild.exporters.formats import ExportOptions, find_exporter

LMP = shutil.which("lmp") or shutil.which("lammps")
pytestmark = [
    pytest.mark.client,
    pytest.mark.skipif(LMP is None, reason="LAMMPS is not installed"),
]

SCRIPT = """\
units metal
atom_style {style}
boundary {boundary}
read_data {data}
pair_style zero 5.0
pair_coeff * *
compute one all property/atom q
compute charge all reduce sum c_one
thermo_style custom atoms vol c_charge
run 0
print "ATOMS $(atoms) VOLUME $(vol:%.9f) CHARGE $(c_charge:%.9f)"
print "BOX $(lx:%.12f) $(ly:%.12f) $(lz:%.12f) $(xy:%.12f) $(xz:%.12f) $(yz:%.12f)"
write_dump all custom {dump} id type xu yu zu q {molecule} modify sort id format float %.12f
"""


def run_lammps(folder, built, style):
    """Return what LAMMPS says of the file: text, box vectors, and one row an atom."""
    options = ExportOptions(lammps_style=style)
    data = b"".join(find_exporter("lammps")(built, options).chunks)
    (folder / f"{built.name}.data").write_bytes(data)
    style = "full" if style == "auto" else style
    script = SCRIPT.format(
        style=style,
        molecule="mol" if style == "full" else "",
        boundary=" ".join("p" if flag else "f" for flag in built.atoms.pbc),
        data=folder / f"{built.name}.data",
        dump=folder / "dump.txt",
    )
    (folder / "in.lammps").write_text(script)
    done = subprocess.run(
        [LMP, "-in", "in.lammps", "-log", "none"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    warnings = re.findall(r"WARNING: (.*)", done.stdout)
    assert [text for text in warnings if "No fixes defined" not in text] == []
    lx, ly, lz, xy, xz, yz = map(
        float, re.search(r"^BOX (.*)$", done.stdout, re.MULTILINE)[1].split()
    )
    box = np.array([[lx, 0, 0], [xy, ly, 0], [xz, yz, lz]])
    return done.stdout, box, np.loadtxt(folder / "dump.txt", skiprows=9)


@pytest.mark.parametrize("style", ["auto", "charge", "full"])
def test_lammps_reads_the_same_matter(built, tmp_path, same_matter, style):
    text, box, rows = run_lammps(tmp_path, built, style)
    found = re.search(r"^ATOMS (\d+) VOLUME (\S+) CHARGE (\S+)$", text, re.MULTILINE)
    assert int(found[1]) == len(built.atoms)
    assert float(found[2]) == pytest.approx(built.atoms.get_volume(), rel=1e-9)
    assert float(found[3]) == pytest.approx(built.atoms.arrays["formal_charge"].sum(), abs=1e-9)
    assert rows[:, 0].tolist() == list(range(1, len(rows) + 1))
    assert rows[:, 5] == pytest.approx(built.atoms.arrays["formal_charge"])
    types = ["Cs", "Pb", "F", "Cl", "Br", "C", "H"]
    assert [types[int(t) - 1] for t in rows[:, 1]] == built.atoms.get_chemical_symbols()
    same_matter(built, box, rows[:, 2:5])
    if style != "charge":
        assert rows[:, 6].tolist() == built.atoms.arrays["molecule"].tolist()
