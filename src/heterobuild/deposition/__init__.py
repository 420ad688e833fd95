"""Nanocrystals laid on a film."""
