"""Spacers: molecules packed between sheets as rigid bodies."""
