import pytest

from heterobuild.crystals.phase_files import phase_files
from heterobuild.crystals.phase_names import find_phase, is_crystal_name
from heterobuild.errors import UnknownNameError


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CsPbBr3", "CsPbBr3_orthorhombic"),
        ("CsPbBr3_cubic", "CsPbBr3_cubic"),
        ("CsPbBr3:cubic", "CsPbBr3_cubic"),
        ("cubic-CsPbBr3", "CsPbBr3_cubic"),
        ("alpha-CsPbI3", "CsPbI3_alpha"),
        ("α-CsPbI3", "CsPbI3_alpha"),
        ("CsPbI3:alpha", "CsPbI3_alpha"),
        ("CsPbI3_cubic", "CsPbI3_alpha"),
        ("CH3NH3PbI3", "MAPbI3_tetragonal"),
        ("CH3NH3PbI3_cubic", "MAPbI3_cubic"),
        ("mapbcl3", "MAPbCl3_cubic"),
        ("MAPbI3", "MAPbI3_tetragonal"),
        ("FAPbI3", "FAPbI3_delta"),
        ("CsPbI3", "CsPbI3_delta"),
        ("CsSnI3", "CsSnI3_gamma"),
        ("R-MBA2PbI4", "RMBA2PbI4"),
        ("(R-MBA)2PbI4", "RMBA2PbI4"),
        ("BA2PbI4", "BA2PbI4"),
        ("BA2PbI4_LT", "BA2PbI4_LT"),
        ("quartz", "SiO2_quartz"),
        (" NaCl ", "NaCl"),
    ],
)
def test_names_are_understood(name, meant):
    assert find_phase(name)[0].name == meant
    assert is_crystal_name(name)


def test_every_phase_is_found_by_its_name_without_remarks():
    for phase in phase_files():
        found, notices = find_phase(phase.name)
        if phase.name != phase.formula:
            assert found is phase
            assert notices == ()


def test_aliases_mean_one_crystal():
    aliases = [alias.lower() for phase in phase_files() for alias in phase.aliases]
    assert len(aliases) == len(set(aliases))
    names = {phase.name.lower() for phase in phase_files()}
    assert not names & set(aliases)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("CsSnI3", "CsSnI3_delta"),
        ("CsPbI3", "CsPbI3_alpha or CsPbI3_beta or CsPbI3_gamma"),
        ("FAPbI3", "FAPbI3_alpha or FAPbI3_alpha_trigonal"),
    ],
)
def test_the_choice_behind_a_bare_formula_is_told(formula, told):
    notices = find_phase(formula)[1]
    assert len(notices) == 1
    assert told in notices[0]


def test_a_formula_with_one_stable_perovskite_needs_no_remark():
    assert find_phase("CsPbBr3")[1] == ()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("CsPbBr", "did you mean CsPbBr3"),
        ("CsPbBr3_cubik", "did you mean CsPbBr3_cubic"),
        ("zzz", "list_crystals"),
        ("", "list_crystals"),
    ],
)
def test_unknown_names_get_a_hint(name, hint):
    with pytest.raises(UnknownNameError) as caught:
        find_phase(name)
    assert hint in caught.value.next_step
    assert caught.value.exit_code == 2
    assert not is_crystal_name(name)
