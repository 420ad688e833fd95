"""Parts → Heterostructure: one architecture a file."""

ARCHITECTURES = {
    "vertical": "heterobuild.architectures.vertical:Vertical",
    "particle": "heterobuild.architectures.particle:Particle",
    "core_shell": "heterobuild.architectures.core_shell:CoreShell",
    "embedded": "heterobuild.architectures.embedded:Embedded",
}
