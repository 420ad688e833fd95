from __future__ import annotations

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.polyhedral_forms import named_polyhedron, wulff_polyhedron
from heterobuild.particles.sizes import size_of

CUBIC = load_phase("CsPbBr3_cubic")
GAMMA = load_phase("CsPbI3_gamma")


def named(crystal=CUBIC, **given):
    options = ParticleShape(**given)
    axes = crystal.pseudocubic @ crystal.cell if crystal.pseudocubic is not None else crystal.cell
    return named_polyhedron(options, crystal, axes, size_of(options))


# With tips or {100} faces L apart: octahedron L³/6, rhombic dodecahedron L³/4, cuboctahedron
# 5 L³/6 from the cube.
@pytest.mark.parametrize(
    ("given", "share", "faces"),
    [
        ({"kind": "octahedron"}, 1 / 6, 8),
        ({"kind": "rhombic-dodecahedron"}, 1 / 4, 12),
        ({"kind": "truncated-cube", "truncation": 0.0}, 1, 6),
        ({"kind": "truncated-cube", "truncation": 1.0}, 5 / 6, 14),
        ({"kind": "truncated-cube", "truncation": 0.5}, 1 - 8 * 0.25**3 / 6, 14),
        ({"kind": "truncated-octahedron", "truncation": 0.0}, 1 / 6, 8),
        ({"kind": "truncated-octahedron", "truncation": 1.0}, 5 / 6, 14),
        ({"kind": "truncated-octahedron", "truncation": 2 / 3}, 1 / 2, 14),
    ],
)
@pytest.mark.parametrize("crystal", [CUBIC, GAMMA], ids=["cubic", "gamma"])
def test_volumes(crystal, given, share, faces):
    body = named(crystal, octahedra=7, **given)
    cell = abs(np.linalg.det(crystal.pseudocubic @ crystal.cell))
    assert body.volume == pytest.approx(share * 343 * cell, rel=1e-9)
    assert (body.areas > 0).sum() == faces


def test_regular_truncations():
    body = named(kind="truncated-cube", lengths=30, truncation=2 - 2**0.5)
    edge = 30 / (1 + 2**0.5)
    assert body.areas.max() == pytest.approx(2 * (1 + 2**0.5) * edge**2)
    assert body.areas[body.areas > 0].min() == pytest.approx(3**0.5 / 4 * edge**2)
    body = named(kind="truncated-octahedron", lengths=30, truncation=2 / 3)
    assert body.areas.min() == pytest.approx((30 / 8**0.5) ** 2)
    assert body.areas.max() == pytest.approx(1.5 * 3**0.5 * (30 / 8**0.5) ** 2)


@pytest.mark.parametrize("kind", ["octahedron", "rhombic-dodecahedron", "truncated-cube"])
@pytest.mark.parametrize("crystal", [CUBIC, GAMMA], ids=["cubic", "gamma"])
def test_sizes(kind, crystal):
    axes = crystal.pseudocubic @ crystal.cell
    body = named(crystal, kind=kind, lengths="6 nm")
    tips = axes / np.linalg.norm(axes, axis=1, keepdims=True) * 30
    assert (tips @ body.normals.T - body.distances).max(axis=1) == pytest.approx([0] * 3, abs=1e-9)
    assert named(crystal, kind=kind, radius=25).distances.min() == pytest.approx(25)


def test_faces_are_lattice_planes():
    body = named(GAMMA, kind="octahedron", octahedra=4)
    axes = GAMMA.pseudocubic @ GAMMA.cell
    indices = body.normals @ axes.T
    indices /= np.abs(indices).max(axis=1, keepdims=True)
    assert np.abs(indices) == pytest.approx(np.ones((8, 3)), abs=1e-9)


@pytest.mark.parametrize("truncation", [-0.1, 1.01, float("nan")])
def test_truncation_out_of_range(truncation):
    with pytest.raises(UsageError, match="truncation is out of range"):
        named(kind="truncated-cube", truncation=truncation)


def test_a_crystal_without_cube():
    with pytest.raises(UsageError, match="no cubic axes"):
        named(load_phase("Cs4PbBr6"), kind="octahedron", lengths=30)
    assert named(load_phase("Cs2SnCl6_cubic"), kind="octahedron", lengths=30).volume == (
        pytest.approx(4500)
    )


def wulff(crystal=CUBIC, **given):
    options = ParticleShape(kind="wulff", **given)
    axes = crystal.pseudocubic @ crystal.cell if crystal.pseudocubic is not None else crystal.cell
    return wulff_polyhedron(options, crystal, axes, size_of(options))


def test_wulff_sizes():
    facets = {"100": 1.0, "111": 1.2}
    body, unused = wulff(facets=facets, lengths="6 nm")
    assert body.distances[:6] == pytest.approx(np.full(6, 30))
    assert body.distances[6:] == pytest.approx(np.full(8, 36))
    assert unused == ()
    assert wulff(facets=facets, octahedra=9)[0].distances[0] == pytest.approx(4.5 * 5.874)
    assert wulff(facets=facets, radius=17)[0].distances.min() == pytest.approx(17)
    in_angstrom, _ = wulff(facets={"100": 20.0, "111": 24.0})
    assert sorted(set(in_angstrom.distances.round(9))) == [20, 24]


def test_wulff_tells_faces_without_area():
    assert wulff(facets={"100": 1.0, "110": 1.5, "111": 1.1})[1] == ("110",)


def test_wulff_of_another_system():
    crystal = load_phase("Cs4PbBr6")
    body, _ = wulff(crystal, facets={"001": 1.0, "012": 1.0}, radius=30)
    assert len(body.normals) == 8
    assert body.distances == pytest.approx(np.full(8, 30))
    slope = 2 / 17.32 / np.sqrt(4 / (3 * 13.73**2) + 4 / 17.32**2)
    heights = np.sort(np.abs(body.normals @ [0, 0, 1]))
    assert heights == pytest.approx([slope] * 6 + [1, 1])


@pytest.mark.parametrize(
    ("crystal", "facets", "says"),
    [
        ("CsPbBr3_cubic", {"100": 1.0, "010": 1.1}, "100 and 010"),
        ("Cs4PbBr6", {"001": 1.0}, "do not close"),
        ("Cs4PbBr6", {"110": 1.0, "100": 2.0}, "do not close"),
        ("GaN", {"001": 1.0, "100": 1.0}, "do not close"),
        ("CsPbBr3_cubic", {}, "needs its faces"),
        ("CsPbBr3_cubic", {"abc": 1.0}, "no indices"),
    ],
)
def test_facets_that_are_refused(crystal, facets, says):
    with pytest.raises(UsageError, match=says):
        wulff(load_phase(crystal), facets=facets)
