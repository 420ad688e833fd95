"""What architectures share: strained parts, registry, gap, stacking, vacuum."""
