"""Faults on order, so that a merchant can be tested against a bad day. A restart heals all."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from payments.gateways.sandbox.http import Refusal

COUNTERS = ("errors", "lost_answers", "delays")
LONGEST_DELAY_SECONDS = 60.0


class Faults:
    """What shall go wrong with the next calls of the API, and whether webhooks are held back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = dict.fromkeys(COUNTERS, 0)
        self._delay_seconds = 0.0
        self.webhooks_held = False

    def order(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Replace all faults by those named; an empty object ends them. Raises `Refusal` 422."""
        counts = {name: content.get(name, 0) for name in COUNTERS}
        seconds, held = content.get("delay_seconds", 0), content.get("hold_webhooks", False)
        if (
            any(type(count) is not int or count < 0 for count in counts.values())
            or type(seconds) not in (int, float)
            or not 0 <= seconds <= LONGEST_DELAY_SECONDS
            or type(held) is not bool
        ):
            raise Refusal(422, "validation_error", "Faults are counts, seconds up to 60, and a yes or no.")
        with self._lock:
            self._left, self._delay_seconds, self.webhooks_held = counts, float(seconds), held
        return {**counts, "delay_seconds": seconds, "hold_webhooks": held}

    def before_call(self) -> None:
        """Delay the call or fail it before it does anything, if that was ordered."""
        if self._take("delays"):
            time.sleep(self._delay_seconds)
        if self._take("errors"):
            raise Refusal(500, "server_error", "A failure was ordered; nothing was done.")

    def after_call(self) -> None:
        """Lose the answer of a call that did its work, if that was ordered."""
        if self._take("lost_answers"):
            raise Refusal(500, "server_error", "A lost answer was ordered; the work was done.")

    def _take(self, name: str) -> bool:
        with self._lock:
            if self._left[name] == 0:
                return False
            self._left[name] -= 1
            return True
