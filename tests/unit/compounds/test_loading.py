from heterobuild.compounds import load_crystal


def test_a_library_phase_by_name():
    assert load_crystal("CsPbBr3_cubic").space_group == "Pm-3m"
