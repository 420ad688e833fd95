"""Molecules bound to the surface of a particle, placed without collisions."""
