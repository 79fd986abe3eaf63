"""Counting requests with the figures of django-prometheus, and those that Django's layers do not see, too."""

from functools import lru_cache
from typing import Any

from django_prometheus.middleware import Metrics, PrometheusAfterMiddleware


class MeasuringMiddleware(PrometheusAfterMiddleware):
    """django-prometheus's, which looked each figure up by its labels for each request."""

    def label_metric(self, metric: Any, request: Any, response: Any = None, **labels: str) -> Any:
        return _labelled(metric, tuple(labels.items())) if labels else metric


@lru_cache(maxsize=2048)
def _labelled(metric: Any, labels: tuple[tuple[str, str], ...]) -> Any:
    return metric.labels(**dict(labels))


def measure(view: str, transport: str, status: int, size: int, seconds: float) -> None:
    """Count a GET of `view` over `transport` (http, https), answered with `size` bytes in `seconds`."""
    counters, latencies, sizes = _figures(view, transport, str(status))
    for counter in counters:
        counter.inc()
    for latency in latencies:
        latency.observe(seconds)
    sizes.observe(size)


@lru_cache(maxsize=64)
def _figures(view: str, transport: str, status: str) -> tuple[tuple[Any, ...], tuple[Any, ...], Any]:
    """To look a figure up by its labels takes longer than to count."""
    known = Metrics.get_instance()
    counters = (
        known.requests_total,
        known.responses_total,
        known.requests_by_method.labels(method="GET"),
        known.requests_by_transport.labels(transport=transport),
        known.requests_by_view_transport_method.labels(view=view, transport=transport, method="GET"),
        known.responses_by_status.labels(status=status),
        known.responses_by_status_view_method.labels(status=status, view=view, method="GET"),
    )
    latencies = (
        known.requests_latency_before,
        known.requests_latency_by_view_method.labels(view=view, method="GET"),
    )
    return counters, latencies, known.responses_body_bytes
