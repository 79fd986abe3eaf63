"""What the catalogue does when something happened to a vendor."""

from typing import Any

from catalog import cache
from vendors import events


def forget_answers(**_event: Any) -> None:
    """A vendor's products appear, vanish or show another name: nothing kept is true any more."""
    cache.everything_changed()


def connect() -> None:
    for event in (
        events.vendor_approved,
        events.vendor_suspended,
        events.vendor_reinstated,
        events.vendor_paused,
        events.vendor_resumed,
        events.vendor_changed,
    ):
        event.connect(forget_answers, dispatch_uid="catalog.forget_answers")
