"""Ions, molecules, formulas, band edges, elastic constants."""
