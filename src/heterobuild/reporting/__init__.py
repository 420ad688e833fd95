"""Pictures of finished structures."""

from __future__ import annotations

from heterobuild.reporting.picture import draw

__all__ = ["draw"]
