"""One integer seed a recipe, one independent generator a named step."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def generator(seed: int, step: str) -> np.random.Generator:
    """Return the random generator of one named step.

    A new step leaves the numbers of all other steps alone, because each name has a stream of
    its own.

    Parameters
    ----------
    seed : int
        The recipe's seed, not negative.
    step : str
        Name of the step, such as ``cations of film``.

    Returns
    -------
    numpy.random.Generator
        The generator.

    Examples
    --------
    >>> generator(7, "cations").integers(1000) == generator(7, "cations").integers(1000)
    np.True_
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(crc32(step.encode()),))
    return np.random.default_rng(sequence)
