"""Pages that scripts write are those that the scripts would write now."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", [["scripts/write_sources.py", "--check"]], ids=["sources"])
def test_page_is_up_to_date(command, request):
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=request.config.rootpath,
    )
    assert done.returncode == 0, done.stderr
