"""How much memory AQAD takes: its processes' own share of what they have in memory."""

import psutil

from tests.runner.installation import Installation

_KINDS = {
    "gunicorn": "web",
    "aqad.runner.workers": "worker",
    "aqad.beat": "beat",
    "payments.gateways.sandbox": "gateway",
}


def megabytes(installation: Installation) -> dict[str, float]:
    """MiB (proportional set size) of AQAD's processes: web, worker, beat, gateway; without the servers."""
    found = dict.fromkeys(_KINDS.values(), 0.0)
    for pid in installation.processes():
        words = psutil.Process(pid).cmdline()
        for word, kind in _KINDS.items():
            if word in words:
                found[kind] += psutil.Process(pid).memory_full_info().pss / 2**20
    return found
