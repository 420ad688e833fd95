import sys

import pytest

from heterobuild.errors import MissingExtraError, OutputError, UsageError
from heterobuild.screening.pictures import require_picture, save_picture

pytest.importorskip("matplotlib")


def test_an_unknown_format(tmp_path):
    with pytest.raises(UsageError, match=r"\.png"):
        require_picture(tmp_path / "pareto.bmp")


def test_without_matplotlib_the_install_line_is_shown(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"heterobuild\[plot\]"):
        require_picture(tmp_path / "pareto.png")


@pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
def test_a_picture_holds_no_date(tmp_path, ending):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    figure.add_subplot().plot([0, 1])
    path = save_picture(figure, tmp_path / f"a.{ending}")
    content = path.read_bytes()
    assert b"CreationDate" not in content
    with pytest.raises(OutputError, match="--force"):
        save_picture(figure, path)
    assert save_picture(figure, path, force=True).read_bytes() == content
