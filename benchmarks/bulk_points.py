"""Build one mixture of phases and print what it cost, as JSON.

python benchmarks/bulk_points.py MODEL ATOMS

`benchmarks/bulk.py` calls it, each point in a process of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from heterobuild import Heterostructure

EDGE = 6.082
DENSITY = {"grains": 0.0209, "small-grains": 0.0153, "inclusions": 0.0214}
SMALL = 40.0
MODELS = ("coherent", "relaxed", "grains", "small-grains", "inclusions")


def mixture(model: str, atoms: int) -> Heterostructure:
    """Build a model of about so many atoms.

    Coherent ones are bicontinuous, CsPbI3 in CsPbBr3, with a correlation length of 30 Å. Grains are
    Cs4PbBr6 and CsPbBr3 of the precursor ratio 1.4, of 100 Å, or of 40 Å; inclusions of 60 Å.
    """
    from heterobuild import load_crystal
    from heterobuild.architectures.bulk import Bulk

    if model in {"coherent", "relaxed"}:
        pair = load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic")
        cells = round((atoms / 5) ** (1 / 3))
        length = min(30.0, cells * EDGE / 5)
        return Bulk(cells=cells, correlation_length=length, elastic=model == "relaxed").build(*pair)
    pair = load_crystal("Cs4PbBr6"), load_crystal("CsPbBr3")
    edge = (atoms / DENSITY[model]) ** (1 / 3)
    if model == "inclusions":
        options: dict[str, Any] = {"volume_fractions": (0.2, 0.8), "grain_size": 60.0}
    else:
        size = SMALL if model == "small-grains" else min(100.0, edge / 2)
        options = {"precursor_ratio": 1.4, "grain_size": size}
    kind = "inclusions" if model == "inclusions" else "grains"
    return Bulk(morphology=kind, box=edge, **options).build(*pair)


def point(model: str, atoms: int) -> dict[str, Any]:
    """Measure one model, from two crystals to the checked atoms."""
    from heterobuild.validation import check

    marks = [(time.perf_counter(), time.process_time())]
    built = mixture(model, atoms)
    marks.append((time.perf_counter(), time.process_time()))
    memory = _memory()
    report = check(built)
    marks.append((time.perf_counter(), time.process_time()))
    walls, cpus = np.diff(np.array(marks), axis=0).T.tolist()
    values = built.steps[0].values
    return {
        "atoms": len(built.atoms),
        "wall": walls[0],
        "cpu": cpus[0],
        "check": walls[1],
        "memory": memory,
        "whole_memory": _memory(),
        "errors": sum(finding.level == "error" for finding in report.findings),
        "charge": float(built.atoms.arrays["formal_charge"].sum()),
        "reached": values["volume_fractions"][0],
        "asked": values["volume_fractions_asked"][0],
    }


def _memory() -> float:
    """Return the largest memory of this process so far in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    print(json.dumps(point(sys.argv[1], round(float(sys.argv[2])))))
