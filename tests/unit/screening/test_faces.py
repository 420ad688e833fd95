from itertools import product

import numpy as np
import pytest
import spglib

from heterobuild.compounds import load_crystal
from heterobuild.crystals import list_crystals, load_phase
from heterobuild.crystals.symmetry import quiet_spglib
from heterobuild.errors import UsageError
from heterobuild.screening.faces import distinct_faces, point_group, require_index
from heterobuild.slabs import face_indices


def up_to_one(crystal):
    axes = "pc" if crystal.pseudocubic is not None else ""
    faces = [face for face in product((-1, 0, 1), repeat=3) if any(face)]
    return [face_indices(crystal, "{} {} {}".format(*face) + axes) for face in faces]


def images(face, rotations):
    return {tuple((np.array(face) @ rotation).tolist()) for rotation in rotations}


def test_faces_of_textbooks():
    cubic, tetragonal = load_crystal("CsPbBr3_cubic"), load_crystal("CsPbI3_beta")
    assert distinct_faces(cubic) == ((0, 0, 1), (1, 1, 0), (1, 1, 1))
    second = distinct_faces(cubic, 2)
    assert second == ((0, 0, 1), (1, 1, 0), (1, 1, 1), (2, 1, 0), (2, 1, 1), (2, 2, 1))
    assert len(distinct_faces(tetragonal)) == 5  # {001} {100} {101} {110} {111}


@pytest.mark.parametrize("name", ["CsPbBr3", "CsPbI3_beta", "PEA2PbI4", "RMBA2PbI4", "Cs4PbBr6"])
def test_no_face_is_lost_and_none_is_double(name):
    crystal = load_crystal(name)
    rotations = point_group(crystal)
    proper = rotations[np.linalg.det(rotations) > 0]
    faces = distinct_faces(crystal)
    for face in faces:
        assert len(images(face, proper) & set(faces)) == 1
    for face in up_to_one(crystal):
        assert images(face, rotations) & set(faces)


def test_a_triclinic_crystal_shows_both_sides_of_each_face():
    faces = distinct_faces(load_crystal("PEA2PbI4"))
    both = [face for face in faces if tuple(-index for index in face) in faces]
    assert len(both) > len(faces) / 2  # oblique plane lattices and their mirror images


def test_faces_of_a_tilted_perovskite_are_those_of_the_cubic_one():
    crystal = load_crystal("CsPbBr3_orthorhombic")
    kinds = set()
    for face in distinct_faces(crystal):
        along = np.abs(crystal.pseudocubic @ face)
        kinds.add(tuple(sorted(np.rint(along / along.max()).astype(int).tolist())))
    assert kinds == {(0, 0, 1), (0, 1, 1), (1, 1, 1)}


def test_the_chiral_crystal_has_no_improper_operation():
    rotations = point_group(load_crystal("RMBA2PbI4"))
    assert (np.linalg.det(rotations) > 0).all()


def test_the_point_group_of_a_symbol_is_that_of_spglib():
    for entry in list_crystals():
        crystal = load_phase(entry.name)
        if crystal.atoms is None and crystal.space_group_number > 2:
            with quiet_spglib():
                types = list(map(spglib.get_spacegroup_type, range(1, 531)))
                hall = [t.hall_number for t in types if t.number == crystal.space_group_number]
                known = spglib.get_symmetry_from_database(hall[0])["rotations"]
            assert len(point_group(crystal)) == len(np.unique(known, axis=0)), entry.name


def test_an_unknown_symbol_has_the_identity_alone():
    crystal = load_phase("BA2Cs2Pb3Br10")
    assert crystal.space_group == ""
    assert point_group(crystal).tolist() == [np.eye(3, dtype=int).tolist()]


@pytest.mark.parametrize("index", [0, -1, 6])
def test_an_index_out_of_range(index):
    with pytest.raises(UsageError, match="1 to 5"):
        require_index(index)
