import pytest

from heterobuild import MatchLimits, screen
from heterobuild.errors import OutputError, UsageError
from heterobuild.screening.part_files import IncompleteError, part_path
from heterobuild.screening.screen import join_parts, parts_folder, run_screen
from heterobuild.screening.shards import run_shard
from heterobuild.screening.specification import plan_screen


@pytest.fixture(scope="module")
def spec():
    films = ["CsPbBr3_cubic", "CsPbI3_alpha", "MAPbI3"]
    return plan_screen(films, ["abx3"], limits=MatchLimits(max_area=1200, max_strain=0.02))


@pytest.fixture
def several(monkeypatch):
    """Small screens are cut into three shards too."""
    monkeypatch.setattr("heterobuild.screening.screen.usual_count", lambda spec: 3)


def test_the_number_of_processes_does_not_show(several):
    options = {"limits": MatchLimits(max_area=200)}
    films = ["CsPbBr3_cubic", "CsPbI3_alpha", "MAPbI3"]
    one = screen(films, ["abx3"], jobs=1, **options)
    assert one == screen(films, ["abx3"], jobs=2, **options)
    assert one.rows


def test_a_run_goes_on_where_it_was_left(spec, tmp_path, several, monkeypatch):
    whole = run_screen(spec, tmp_path / "whole")
    run_shard(spec, 2, 3, tmp_path / "parts")
    stamp = part_path(tmp_path / "parts", 2, 3).stat().st_mtime_ns
    with pytest.raises(IncompleteError, match="1/3, 3/3"):
        join_parts(tmp_path / "parts")
    with pytest.raises(OutputError, match="--resume"):
        run_screen(spec, tmp_path / "parts")
    assert run_screen(spec, tmp_path / "parts", resume=True) == whole
    assert part_path(tmp_path / "parts", 2, 3).stat().st_mtime_ns == stamp
    other = plan_screen(["CsPbBr3_cubic"], ["abx3"])
    with pytest.raises(UsageError, match="another screen"):
        run_screen(other, tmp_path / "parts", resume=True)


def test_parts_are_removed_only_when_asked(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "part-1-of-1.csv").write_text("x")
    with parts_folder(tmp_path) as folder:
        assert (folder / "part-1-of-1.csv").exists()
    with parts_folder(tmp_path, anew=True) as folder:
        assert not folder.exists()
    with parts_folder(None) as folder:
        assert folder.parent.is_dir()
    assert not folder.parent.exists()


def test_filters_and_order():
    found = screen(["CsPbBr3_cubic"], ["abx3"], max_mismatch=0.02, alignment="I", sort=("area",))
    assert found.rows
    assert all(abs(float(row[14])) <= 0.02 and row[17] == "I" for row in found.rows)
    sizes = [max(float(row[10]), float(row[11])) for row in found.rows]
    assert sizes == sorted(sizes)
