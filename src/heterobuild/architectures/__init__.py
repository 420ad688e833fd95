"""Parts → Heterostructure: one architecture a file."""

ARCHITECTURES = {
    "vertical": "heterobuild.architectures.vertical:Vertical",
    "multilayer": "heterobuild.architectures.multilayer:Multilayer",
    "lateral": "heterobuild.architectures.lateral:Lateral",
    "bulk": "heterobuild.architectures.bulk:Bulk",
    "deposited": "heterobuild.architectures.deposited:Deposited",
    "particle": "heterobuild.architectures.particle:Particle",
    "core_shell": "heterobuild.architectures.core_shell:CoreShell",
    "embedded": "heterobuild.architectures.embedded:Embedded",
}
