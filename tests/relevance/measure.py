"""How good the order of an answer is: NDCG at 10, 1.0 where nothing could be better."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import mean

from tests.relevance.judged import Judged

DEPTH = 10


@dataclass(frozen=True)
class Result:
    judged: Judged
    found: Sequence[str]  # SKUs, the best first

    @property
    def ndcg(self) -> float:
        return ndcg(self.found, self.judged.gains)


def ndcg(found: Sequence[str], gains: Mapping[str, int]) -> float:
    best = _worth(sorted(gains.values(), reverse=True))
    return _worth([gains.get(each, 0) for each in found]) / best


def report(results: Sequence[Result]) -> str:
    """The figure overall and by kind, and each query that falls short with what it found."""
    lines = [f"NDCG@{DEPTH} {overall(results):.4f} of {len(results)} queries"]
    kinds = dict.fromkeys(result.judged.kind for result in results)
    for kind in kinds:
        of_kind = [result for result in results if result.judged.kind == kind]
        lines.append(f"  {overall(of_kind):.4f}  {kind} ({len(of_kind)})")
    short = sorted((result for result in results if result.ndcg < 0.9999), key=lambda each: each.ndcg)
    lines.append(f"{len(short)} fall short:")
    lines += [
        f"  {result.ndcg:.4f}  {result.judged.query} → {' '.join(result.found[:6]) or 'nothing'}"
        for result in short
    ]
    return "\n".join(lines)


def overall(results: Iterable[Result]) -> float:
    return mean(result.ndcg for result in results)


def _worth(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / log2(place + 2) for place, gain in enumerate(gains[:DEPTH]))
