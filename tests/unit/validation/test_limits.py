"""Every tolerance is documented with its unit or meaning, and takes effect."""

from __future__ import annotations

from dataclasses import fields

from heterobuild.validation import CheckLimits, check


def test_every_field_is_documented():
    assert all(field.name in (CheckLimits.__doc__ or "") for field in fields(CheckLimits))


def test_a_limit_takes_effect(make_interface):
    built = make_interface()
    strict = CheckLimits(interface_unlike_error=0.95)
    assert check(built).passed
    assert not check(built, limits=strict).passed
