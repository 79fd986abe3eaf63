"""How the latencies stood a while ago, so that "now" means the last minutes and not since the start."""

import platform
import time

from aqad.lib import recent
from operations.doctor.slow import figures

EVERY = 300.0  # seconds


def keep() -> None:
    """Note how they stand, if the last note is old enough. Two processes may both do so: no harm."""
    newest = recent.newest(kind(), 1)
    if not newest or time.time() - newest[0]["at"] >= EVERY:
        told = {name: list(map(list, buckets.items())) for name, buckets in figures.latencies().items()}
        recent.keep(kind(), {"at": time.time(), "latencies": told})


def before(seconds: float) -> dict[str, figures.Buckets]:
    """How they stood about so long ago; nothing where nobody noted it."""
    for note in recent.newest(kind(), 24):
        if time.time() - note["at"] >= seconds:
            return {
                name: {float(limit): reached for limit, reached in buckets}
                for name, buckets in note["latencies"].items()
            }
    return {}


def kind() -> str:
    return f"latencies {platform.node()}"
