import pytest

from heterobuild.errors import UnknownNameError
from heterobuild.exporters.encoding import structure_files
from heterobuild.exporters.formats import FORMATS, ExportOptions, find_exporter, suffix

ORDER = ("Cs", "Pb", "Br", "Cl", "C", "N", "H")


def test_files_are_those_of_the_exporters(built):
    files = structure_files(built, FORMATS, species_order=ORDER)
    options = ExportOptions(species_order=ORDER)
    assert list(files) == [f"{built.name}.{suffix(entry)}" for entry in FORMATS]
    for entry in FORMATS:
        expected = b"".join(find_exporter(entry)(built, options).chunks)
        assert files[f"{built.name}.{suffix(entry)}"] == expected


def test_a_format_named_twice_is_written_once(built):
    assert len(structure_files(built, ["cif", "cif"])) == 1


def test_unknown_formats_are_refused(built):
    with pytest.raises(UnknownNameError):
        structure_files(built, ["pdf"])
