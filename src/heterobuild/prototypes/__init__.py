"""Prototypes: crystals of pure compounds from a model, where no measured phase is known."""
