"""Two surface cells → matches: search, limits, choice."""

from heterobuild.matching.choice import choose_match, no_match
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.misses import Miss, misfit_angle, nearest_misses
from heterobuild.matching.pareto import pareto_front, pareto_indices
from heterobuild.matching.search import find_matches
from heterobuild.matching.stream import stream_matches

__all__ = [
    "MatchLimits",
    "Miss",
    "choose_match",
    "find_matches",
    "misfit_angle",
    "nearest_misses",
    "no_match",
    "pareto_front",
    "pareto_indices",
    "stream_matches",
]
