import re

from heterobuild.variants.naming import interface_labels


def test_labels_differ_and_fit_for_folders():
    faces = [((0, 0, 1), (1, -1, 0)), ((0, 0, 1), (1, -1, 0)), ("001pc", (10, 1, 0))]
    planes = [("(R-MBA)2", "PbI2"), ("(R-MBA)2", "PbI2"), ("Cs0.5Br/x", "Pb")]
    labels = interface_labels(faces, planes, [0, 0, 2])
    assert labels == [
        "001_RMBA2-on-1-10_PbI2_m0_s0",
        "001_RMBA2-on-1-10_PbI2_m0_s1",
        "001pc_Cs0.5Brx-on-10.1.0_Pb_m2_s0",
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", label) for label in labels)


def test_planes_of_one_formula_are_numbered_on():
    labels = interface_labels([((0, 0, 1), (0, 0, 1))] * 3, [("Cs", "Br")] * 3, [0, 1, 0])
    assert len(set(labels)) == 3
