from __future__ import annotations

import pytest

from heterobuild.errors import UnknownNameError
from heterobuild.exporters.formats import FORMATS, ExportOptions, find_exporter, suffix


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_resolves_and_gives_bytes(built, name):
    export = find_exporter(name)(built, ExportOptions())
    assert all(isinstance(chunk, bytes) for chunk in export.chunks)


def test_unknown_format_is_suggested():
    with pytest.raises(UnknownNameError, match="did you mean poscar"):
        find_exporter("posca")


def test_a_foreign_format_ends_in_its_name():
    assert suffix("xsf") == "xsf"
