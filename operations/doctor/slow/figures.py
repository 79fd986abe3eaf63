"""The metrics as numbers: of all processes of this host where they share a folder, else of this one."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.samples import Sample

Buckets = dict[float, float]
LATENCY = "django_http_requests_latency_seconds_by_view_method"


def counted(name: str) -> float:
    """The counter's sum over all its labels."""
    return sum(sample.value for sample in _samples(name) if sample.name == f"{name}_total")


def latencies() -> dict[str, Buckets]:
    """By `GET view`: how many requests took at most so many seconds, since the processes started."""
    found: dict[str, Buckets] = {}
    for sample in _samples(LATENCY):
        if sample.name.endswith("_bucket"):
            labels = sample.labels
            buckets = found.setdefault(f"{labels['method']} {labels['view']}", {})
            limit = float(labels["le"])
            buckets[limit] = buckets.get(limit, 0.0) + sample.value
    return found


def quantile(buckets: Buckets, share: float) -> float:
    """Seconds within which `share` of the requests were answered, straight between the buckets' limits."""
    wanted, below, under = share * _count(buckets), 0.0, 0.0
    for limit, reached in sorted(buckets.items()):
        if reached >= wanted:
            if limit == float("inf"):
                return below
            part = (wanted - under) / (reached - under) if reached > under else 1.0
            return below + (limit - below) * part
        below, under = limit, reached
    return below


def since(now: Buckets, then: Buckets) -> Buckets:
    """What came in between; `now` itself where the processes were started anew meanwhile."""
    if _count(then) > _count(now):
        return now
    return {limit: reached - then.get(limit, 0.0) for limit, reached in now.items()}


def count(buckets: Buckets) -> int:
    return int(_count(buckets))


def _count(buckets: Buckets) -> float:
    return buckets.get(float("inf"), 0.0)


def _samples(name: str) -> Iterator[Sample]:
    for metric in _registry().collect():
        if metric.name == name:
            yield from metric.samples


def _registry() -> CollectorRegistry:
    folder = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR") or settings.DATA_DIR / "run" / "metrics")
    if not any(folder.glob("*.db")):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))
    return registry
