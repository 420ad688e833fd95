"""Crystal → particle: whole octahedra inside a shape, neutral, with its ligands."""
