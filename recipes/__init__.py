"""The gallery: recipes of published heterostructures, plain YAML, no code."""
