"""Tilts: octahedra turned after Glazer, made and measured."""
