from __future__ import annotations

from zlib import crc32

import numpy as np

from heterobuild.seeds import generator


def test_stream_is_that_of_the_stated_seed_sequence() -> None:
    expected = np.random.default_rng(np.random.SeedSequence(7, spawn_key=(crc32(b"cations"),)))
    assert generator(7, "cations").integers(1 << 40, size=8).tolist() == (
        expected.integers(1 << 40, size=8).tolist()
    )


def test_steps_and_seeds_have_streams_of_their_own() -> None:
    draws = {
        tuple(generator(seed, step).integers(1 << 40, size=4).tolist())
        for seed in (0, 1, 7)
        for step in ("cations of film", "cations of substrate")
    }
    assert len(draws) == 6
