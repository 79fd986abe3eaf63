"""The same measurements several times over, each compared with what ran beside it; medians are told."""

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median

from bench.load import Outcome

Measurement = Callable[[], Outcome]


@dataclass
class Results:
    outcomes: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))

    def median(self, name: str) -> Outcome | None:
        """The run with the median rate; None where it was not measured."""
        runs = sorted(self.outcomes.get(name, ()), key=lambda run: run.rate)
        return runs[(len(runs) - 1) // 2] if runs else None

    def ratio(self, name: str, reference: str) -> float | None:
        """The median over rounds of one rate over the other of the same round."""
        pairs = zip(self.outcomes.get(name, ()), self.outcomes.get(reference, ()), strict=False)
        ratios = [ours.rate / theirs.rate for ours, theirs in pairs if theirs.rate]
        return median(ratios) if ratios else None


def measure(
    measurements: Mapping[str, Measurement], rounds: int, results: Results, settle: Callable[[], None]
) -> None:
    """Run all measurements, one after the other, `rounds` times; `settle` waits for quiet before each."""
    for number in range(1, rounds + 1):
        for name, run in measurements.items():
            settle()
            outcome = run()
            results.outcomes[name].append(outcome)
            times = f"p50 {outcome.p50:7.1f} ms  p99 {outcome.p99:7.1f} ms"
            sys.stderr.write(f"  round {number}: {name:32} {outcome.rate:9,.0f}/s  {times}\n")


def rate_only(rate: float) -> Outcome:
    return Outcome(rate=rate, p50=0, p99=0, good=0, refused=0)
