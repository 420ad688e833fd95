from __future__ import annotations

import pytest

from heterobuild.alloys.mixed_sites import mixed_sites, site_counts
from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.model import Mixture


def sites(name, site, **shares):
    crystal = load_phase(name)
    mixture = Mixture(site=site, parent=next(iter(shares)), shares=tuple(shares.items()))
    return mixed_sites(crystal.require_atoms(), crystal.molecules, mixture)


def test_sites_charges_and_counts():
    found = sites("CsPbBr3_orthorhombic", "X", Br=0.75, I=0.25)
    assert found.centres.shape == (12, 3)
    assert found.charges.tolist() == [-1, -1]
    assert site_counts(found).tolist() == [9, 3]
    assert site_counts(found, 3).tolist() == [27, 9]


def test_pairs_of_other_charges_are_sites_of_one_mixture():
    found = sites("CsPbBr3_orthorhombic", "B", Pb=0.5, Ag=0.25, Bi=0.25)
    assert found.excess.tolist() == [0, -1, 1]
    assert site_counts(found).tolist() == [2, 1, 1]


def test_a_change_of_charge_is_refused():
    with pytest.raises(UsageError, match=r"change the charge.*Bi \+3 e.*dopant"):
        sites("CsPbBr3_orthorhombic", "B", Pb=0.9, Bi=0.1)
    with pytest.raises(UsageError, match="change the charge"):
        sites("CsPbBr3_orthorhombic", "B", Pb=0.7, Ag=0.2, Bi=0.1)


def test_molecules_share_only_cages():
    with pytest.raises(UsageError, match="PEA cannot share SPACER sites"):
        sites("PEA2PbI4", "SPACER", PEA=0.5, Cs=0.5)
    with pytest.raises(UsageError, match="MA cannot share X sites"):
        sites("CsPbBr3_cubic", "X", Br=0.5, MA=0.5)


def test_missing_parents_are_named():
    with pytest.raises(UsageError, match="no Sn on B sites"):
        sites("CsPbBr3_cubic", "B", Sn=0.5, Pb=0.5)
