"""Two surface cells → matches: search, limits, choice."""

from heterobuild.matching.choice import choose_match, nearest_misses
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.pareto import pareto_front, pareto_indices
from heterobuild.matching.search import find_matches
from heterobuild.matching.stream import stream_matches

__all__ = [
    "MatchLimits",
    "choose_match",
    "find_matches",
    "nearest_misses",
    "pareto_front",
    "pareto_indices",
    "stream_matches",
]
