"""Estimates: lengths of crystals that nobody measured, fitted on those that were."""
