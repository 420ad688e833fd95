"""Curated crystal data of heterobuild: one file a crystal, plain TOML, no code."""
