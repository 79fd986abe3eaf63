"""The cards on the admin's first page, each made at most once in KEPT seconds by a process."""

import threading
import time
from typing import Any

from operations import flows
from operations.cards import CARDS, Card
from operations.flows import PERIODS

KEPT = 20.0  # seconds

_made: dict[tuple[str, int], tuple[float, Card]] = {}
_making = threading.Lock()


def cards_for(user: Any, days: int) -> list[Card]:
    """Those whose lists this person may open."""
    return [_card(name, days) for name, (right, _make) in CARDS.items() if user.has_perm(right)]


def period(asked: str) -> int:
    return int(asked) if asked in map(str, PERIODS) else 30


def forget() -> None:
    """Make every card anew."""
    _made.clear()
    flows.forget()


def _card(name: str, days: int) -> Card:
    """One at a time: people who come together wait for the first one's figures instead of asking, too."""
    with _making:
        made_at, card = _made.get((name, days), (0.0, None))
        if card is None or time.monotonic() - made_at > KEPT:
            card = CARDS[name][1](days)
            _made[name, days] = time.monotonic(), card
        return card
