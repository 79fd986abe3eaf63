"""How much memory AQAD takes: its processes' own share of what they have in memory."""

import psutil

from tests.runner.installation import Installation


def megabytes(installation: Installation) -> dict[str, float]:
    """MiB (proportional set size) of AQAD's processes: web, worker, beat, gateway; without the servers."""
    found = {"web": 0.0, "worker": 0.0, "beat": 0.0, "gateway": 0.0}
    for pid in installation.processes():
        words = psutil.Process(pid).cmdline()
        if kind := _kind(words):
            found[kind] += psutil.Process(pid).memory_full_info().pss / 2**20
    return found


def _kind(words: list[str]) -> str:
    if "gunicorn" in words:
        return "web"
    return next(
        (kind for kind in ("worker", "beat") if kind in words), "gateway" if _is_gateway(words) else ""
    )


def _is_gateway(words: list[str]) -> bool:
    return "payments.gateways.sandbox" in words
