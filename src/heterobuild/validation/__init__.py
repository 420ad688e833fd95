"""Checks: a structure in, findings with level, value and limit out.

One check a file, each a function of a `View`; `table` lists them, and other packages add theirs
by the entry-point group ``heterobuild.checks``.
"""

from __future__ import annotations

from heterobuild.validation.files import check_file
from heterobuild.validation.limits import CheckLimits
from heterobuild.validation.report import report_as_dict, summary_lines
from heterobuild.validation.table import check

__all__ = ["CheckLimits", "check", "check_file", "report_as_dict", "summary_lines"]
