"""Ions that mix across the walls of a stack."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import erfc

from heterobuild.architectures.multilayer import Multilayer
from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.geometry.profiles import WIDTH_IN_SIGMA
from heterobuild.labels import CHARGE, KIND, LAYER, MOLECULE, REGION, SITE, Site
from heterobuild.matching import MatchLimits
from heterobuild.model import Heterostructure, SiteProfile, WallProfile
from heterobuild.slabs import cut_slab
from heterobuild.validation import check

LIMITS = MatchLimits(max_strain=0.09, max_area=60)


@cache
def slab(name: str, layers: int = 4, **faces: str) -> object:
    return cut_slab(load_crystal(name), "001", layers=layers, **faces)  # type: ignore[arg-type]


def stacked(
    film: str = "MAPbI3_cubic", substrate: str = "MAPbBr3_cubic", layers: int = 4, **options: object
) -> Heterostructure:
    options = {"repeat": (2, 2)} | options
    build = Vertical(limits=LIMITS, **options)  # type: ignore[arg-type]
    return build.build(slab(film, layers), slab(substrate, layers), seed=3)  # type: ignore[arg-type]


def ions(built: Heterostructure) -> Counter[tuple[int, int, int, str]]:
    """Count ions by region, plane, site and name, one a molecule."""
    arrays, numbers = built.atoms.arrays, built.atoms.numbers
    found: Counter[tuple[int, int, int, str]] = Counter()
    seen: set[int] = set()
    for i in range(len(built.atoms)):
        molecule, kind = int(arrays[MOLECULE][i]), int(arrays[KIND][i])
        if molecule in seen:
            continue
        if molecule:
            seen.add(molecule)
        name = built.molecules[kind - 1].name if kind else built.atoms.symbols[i]
        where = (int(arrays[REGION][i]), int(arrays[LAYER][i]), int(arrays[SITE][i]))
        found[(*where, name)] += 1
        assert numbers[i]
    return found


def of_name(built: Heterostructure) -> Counter[str]:
    found: Counter[str] = Counter()
    for (*_, name), n in ions(built).items():
        found[name] += n
    return found


def sites(built: Heterostructure) -> Counter[tuple[int, int, int]]:
    found: Counter[tuple[int, int, int]] = Counter()
    for (*where, _), n in ions(built).items():
        found[tuple(where)] += n  # type: ignore[index]
    return found


ERF = WallProfile(kind="erf", width=12.0)
SMOOTH = [
    WallProfile(kind="linear", width=14.0),
    ERF,
    WallProfile(kind="erf", width=40.0),
    WallProfile(kind="diffusion", time=1.0),
    WallProfile(kind="erf", width=12.0, in_plane="ordered"),
    WallProfile(kind="erf", width=12.0, in_plane="quasirandom"),
]


@pytest.mark.parametrize("film", ["MAPbI3_cubic", "CsPbI3_alpha"])
@pytest.mark.parametrize("profile", SMOOTH)
def test_every_ion_and_every_site_is_kept(profile: WallProfile, film: str) -> None:
    sharp, mixed = stacked(film), stacked(film, profile=profile)
    assert of_name(mixed) == of_name(sharp)
    assert sites(mixed) == sites(sharp)
    assert ions(mixed) != ions(sharp)
    assert mixed.atoms.arrays[CHARGE].sum() == pytest.approx(sharp.atoms.arrays[CHARGE].sum())
    assert not [f for f in check(mixed).findings if f.level == "error"]


@pytest.mark.parametrize("width", [9.0, 16.0])
def test_planes_hold_the_ions_of_the_error_function(width: float) -> None:
    """Counted in the atoms; heights of the sharp interface, shares in closed form."""
    repeat = (5, 5)
    sharp = stacked("CsPbI3_alpha", layers=6, repeat=repeat)
    mixed = stacked(
        "CsPbI3_alpha", layers=6, repeat=repeat, profile=WallProfile(kind="erf", width=width)
    )
    arrays, z = sharp.atoms.arrays, sharp.atoms.positions[:, 2]
    upper = arrays[REGION] == 2
    wall = (z[upper].min() + _planes(sharp, 1)[-1]) / 2
    counted = ions(mixed)
    rows = []
    for where in sorted(sites(sharp)):
        if where[2] == Site.X:
            members = (arrays[REGION] == where[0]) & (arrays[LAYER] == where[1])
            bromine = counted[(*where, "Br")]
            rows.append((where[0], z[members].mean() - wall, sites(sharp)[where], bromine))
    region, away, number, bromine = (np.array(column) for column in zip(*rows, strict=True))
    sigma = width / WIDTH_IN_SIGMA

    def form(shift: float) -> np.ndarray:
        return 0.5 * erfc((away - shift) / (np.sqrt(2) * sigma)) * number

    inside = number[region == 1].sum()
    matano = brentq(lambda shift: form(shift).sum() - inside, -4, 4)
    assert np.abs(bromine - form(matano)).max() < 1


def _planes(built: Heterostructure, region: int) -> np.ndarray:
    arrays, z = built.atoms.arrays, built.atoms.positions[:, 2]
    mine = (arrays[REGION] == region) & (arrays[MOLECULE] == 0)
    return np.sort([z[mine & (arrays[LAYER] == n)].mean() for n in np.unique(arrays[LAYER][mine])])


def test_the_step_tells_what_stands() -> None:
    built = stacked(profile=ERF)
    (step,) = [step for step in built.steps if step.name == "composition profile"]
    found = ions(built)
    layers = {-n: (1, -n) for n in range(1, 9)} | {n: (2, n) for n in range(1, 9)}
    for row in step.values["X"]:  # type: ignore[attr-defined]
        region, layer = layers[row["plane"]]
        for ion, amount in row["reached"].items():
            assert found[(region, layer, int(Site.X), ion)] == amount
        assert sum(row["asked"].values()) == pytest.approx(row["sites"], abs=1e-5)


def test_shares_given_by_plane_are_met_exactly() -> None:
    profile = WallProfile(kind="layers", inside=(0.75,), outside=(0.5, 0.25))
    found = ions(stacked(profile=profile))
    x = int(Site.X)
    assert (found[1, -1, x, "Br"], found[1, -1, x, "I"]) == (6, 2)
    assert (found[2, 1, x, "Br"], found[2, 1, x, "I"]) == (2, 2)
    assert (found[2, 2, x, "Br"], found[2, 2, x, "I"]) == (2, 6)
    assert (found[1, -2, x, "Br"], found[2, 3, x, "I"]) == (4, 4)


def test_molecules_come_and_go_as_wholes_by_the_rule_of_their_part() -> None:
    cations = WallProfile(sites={"A": SiteProfile(kind="erf", width=16.0)})
    built = stacked("CsPbI3_alpha", profile=cations)
    arrays = built.atoms.arrays
    inserted = (arrays[REGION] == 2) & (arrays[MOLECULE] > 0)
    assert inserted.sum() % 8 == 0
    assert inserted.sum() > 0
    for one in np.unique(arrays[MOLECULE][inserted]):
        body = built.atoms[arrays[MOLECULE] == one]
        assert body.get_chemical_formula() == "CH6N"
        axis = body.positions[body.numbers == 7][0] - body.positions[body.numbers == 6][0]
        assert np.abs(axis / np.linalg.norm(axis) - [1, 0, 0]).max() < 0.2
    assert of_name(built)["Br"] == of_name(stacked("CsPbI3_alpha"))["Br"]


def test_an_endless_stack_mixes_at_both_walls_alike() -> None:
    built = stacked("CsPbI3_alpha", layers=6, periodic="superlattice", profile=ERF, repeat=(4, 4))
    found = ions(built)
    iodine = {
        where[1]: n for where, n in sorted(found.items()) if where[0] == 1 and where[3] == "I"
    }
    assert iodine[-1] > 0
    assert iodine[1] > 0
    assert len([step for step in built.steps if step.name == "composition profile"]) == 2
    assert of_name(built) == of_name(
        stacked("CsPbI3_alpha", layers=6, periodic="superlattice", repeat=(4, 4))
    )


def test_each_wall_of_a_multilayer_has_its_profile() -> None:
    names = ("bromide", "iodide")
    parts = (slab("MAPbBr3_cubic"), slab("MAPbI3_cubic"))
    options = {"limits": LIMITS, "sequence": names, "times": 2, "repeat": (2, 2)}
    profiles = (WallProfile(), WallProfile(kind="linear", width=8.0), WallProfile())
    built = Multilayer(**options, profiles=profiles).build(*parts, names=names)  # type: ignore[arg-type]
    found = ions(built)
    x = int(Site.X)
    foreign = {where[:2] for where in found if where[2:] == (x, "I") and where[0] in (1, 3)}
    foreign |= {where[:2] for where in found if where[2:] == (x, "Br") and where[0] in (2, 4)}
    assert {region for region, _ in foreign} == {2, 3}
    with pytest.raises(UsageError, match=r"2 entries.*3 entries"):
        Multilayer(**options, profiles=profiles[:2]).build(*parts, names=names)  # type: ignore[arg-type]


def test_the_spacing_follows_the_composition_and_is_declared() -> None:
    """A wide profile moves planes by more than the check of strain allows undeclared."""
    wide = WallProfile(kind="erf", width=40.0)
    sharp, mixed = stacked("CsPbI3_alpha"), stacked("CsPbI3_alpha", profile=wide)
    spacing = [np.diff(_planes(built, 2)).mean() for built in (sharp, mixed)]
    assert spacing[1] < spacing[0] - 0.01
    below = [np.diff(_planes(built, 1)).mean() for built in (sharp, mixed)]
    assert below[1] > below[0] + 0.01
    normal = [region.strain[2, 2] for region in mixed.regions]
    assert normal[0] > 0.003
    (strain,) = {f.level for f in check(mixed).findings if f.check == "strain"}
    assert strain == "info"


def test_the_seed_decides_and_nothing_else() -> None:
    first, second = stacked(profile=ERF), stacked(profile=ERF)
    assert (first.atoms.numbers == second.atoms.numbers).all()
    assert (first.atoms.positions == second.atoms.positions).all()


def test_sharp_walls_change_nothing() -> None:
    assert not [step for step in stacked().steps if "profile" in step.name]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"profile": WallProfile(kind="erf", width=60.0)}, r"wider than the part.*at most"),
        ({"profile": WallProfile(kind="layers", inside=(0.9,) * 9)}, r"9 planes.*8 planes"),
        ({"profile": ERF, "shift": (0.5, 0.5)}, r"network that continues"),
        ({"film": "MASnBr3_cubic", "profile": ERF}, r"only B sites differ"),
    ],
)
def test_what_cannot_be_graded_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        stacked(**options)  # type: ignore[arg-type]


def test_sites_whose_ions_do_not_differ_ask_for_no_room() -> None:
    """A profile wider than the parts is of no concern where both sides have the same A cation."""
    wide = WallProfile(kind="erf", width=60.0, sites={"X": SiteProfile(kind="erf", width=9.0)})
    narrow = WallProfile(sites={"X": SiteProfile(kind="erf", width=9.0)})
    first, second = (stacked("CsPbI3_alpha", "CsPbBr3_cubic", profile=p) for p in (wide, narrow))
    assert (first.atoms.numbers == second.atoms.numbers).all()
    with pytest.raises(UsageError, match="profile of the X sites"):
        stacked("CsPbI3_alpha", "CsPbBr3_cubic", profile=WallProfile(kind="erf", width=60.0))


def test_an_alloy_drawn_at_random_has_its_share_in_every_plane() -> None:
    profile = WallProfile(kind="erf", width=14.0)
    sharp = stacked("FA0.8Cs0.2PbI3", "FAPbBr3_cubic", repeat=(3, 3))
    built = stacked("FA0.8Cs0.2PbI3", "FAPbBr3_cubic", repeat=(3, 3), profile=profile)
    assert of_name(built) == of_name(sharp)
    (step,) = [step for step in built.steps if step.name == "composition profile"]
    for row in step.values["A"]:  # type: ignore[attr-defined]
        for ion, amount in row["asked"].items():
            assert abs(row["reached"][ion] - amount) < 1
    found = ions(built)
    for layer in {layer for region, layer, site, _ in found if (region, site) == (2, Site.A)}:
        assert 0 <= found[2, layer, int(Site.A), "Cs"] <= 3
