"""Parts on lattices of their own: a host opened by whole octahedra for its guests."""
