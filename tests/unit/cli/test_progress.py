import io
import time

from heterobuild.cli import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nothing_shows_where_there_is_no_terminal(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.spinner() as say:
        say("working")
        time.sleep(0.05)
    assert stream.getvalue() == ""


def test_quick_work_is_silent(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    with progress.spinner() as say:
        say("working")
    assert stream.getvalue() == ""


def test_long_work_shows_its_step_and_clears_the_line(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    with progress.spinner() as say:
        say("cutting the slabs")
        time.sleep(0.4)
    assert "cutting the slabs" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[2K")
