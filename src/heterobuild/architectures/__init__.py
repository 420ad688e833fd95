"""Parts → Heterostructure: one architecture a file."""

ARCHITECTURES = {"vertical": "heterobuild.architectures.vertical:Vertical"}
