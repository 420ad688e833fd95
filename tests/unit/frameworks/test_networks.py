import pytest

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.networks import coherent_together, is_corner_sharing


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CsPbBr3:cubic", True),
        ("CsPbBr3_orthorhombic", True),
        ("FAPbBr3:cubic", True),
        ("MAPbBr3:cubic", True),
        ("Cs2AgBiBr6", True),
        ("CsPb0.9Mn0.1I3:cubic", True),
        ("Cs4PbBr6", False),
        ("CsPb2Br5", False),
        ("CsPbI3_delta", False),
    ],
)
def test_networks(name, expected):
    assert is_corner_sharing(load_crystal(name)) is expected


def test_all_must_share_the_network():
    cubic, tilted, isolated = (
        load_crystal(name) for name in ("CsPbI3:cubic", "CsPbBr3_orthorhombic", "Cs4PbBr6")
    )
    assert coherent_together((cubic, tilted))
    assert not coherent_together((cubic, tilted, isolated))
