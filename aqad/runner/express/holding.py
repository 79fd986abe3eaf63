"""The connections that wait for their client, each until its time is over, and who makes room for others."""

import selectors
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from aqad.runner.express.bounds import Bounds
from aqad.runner.express.connection import Connection

LOOK = 0.5  # seconds between two looks at whose time is over


class Ends(Protocol):
    def ends(self) -> float: ...


@dataclass(frozen=True)
class _Held:
    ready: Callable[[Connection], None]
    until: Ends


class Holding:
    """Used in the worker's main thread alone."""

    def __init__(
        self, poller: selectors.BaseSelector, bounds: Bounds, stumbled: Callable[[Connection], None]
    ) -> None:
        """`stumbled` is told of a connection whose `ready` failed, from within its exception."""
        self._poller, self._bounds, self._stumbled = poller, bounds, stumbled
        self._held: dict[Connection, _Held] = {}
        self._addresses: Counter[str] = Counter()
        self._looked = 0.0

    def enter(self, conn: Connection) -> None:
        """A new connection, counted until it leaves."""
        self._addresses[conn.address] += 1

    def leave(self, conn: Connection) -> None:
        self._addresses[conn.address] -= 1
        if not self._addresses[conn.address]:
            del self._addresses[conn.address]

    def hold(
        self,
        conn: Connection,
        ready: Callable[[Connection], None],
        until: Ends,
        event: int = selectors.EVENT_READ,
    ) -> None:
        """Call `ready` when the client has sent something, or takes something."""
        self._held[conn] = _Held(ready, until)
        self._poller.register(conn.sock, event, lambda _sock: self._go_on(conn))

    def over(self) -> Iterator[Connection]:
        """Those whose time is over, no longer held. Looks about twice a second."""
        now = time.monotonic()
        if now < self._looked + LOOK:
            return
        self._looked = now
        for conn in [conn for conn, held in self._held.items() if held.until.ends() <= now]:
            self._let_go(conn)
            yield conn

    def all(self) -> Iterator[Connection]:
        """Everyone, no longer held."""
        for conn in list(self._held):
            self._let_go(conn)
            yield conn

    def idle(self) -> Iterator[Connection]:
        """Those between two requests or before the first, who stay held."""
        return (conn for conn in self._held if _is_idle(conn))

    def shorten(self, conn: Connection, until: Ends) -> None:
        held = self._held[conn]
        if until.ends() < held.until.ends():
            self._held[conn] = _Held(held.ready, until)

    def one_too_many(self, newest: Connection, total: int) -> Connection | None:
        """Who makes room for the newest of `total` connections, no longer held; None where nobody has to.

        Who says nothing goes before who is in the middle of something, and of these the one that waits
        longest. So it is the many slow ones that go, and not whoever has just come.
        """
        address = newest.address
        if self._bounds.counts(address) and self._addresses[address] > self._bounds.by_address:
            found = [conn for conn in self._held if conn.address == address]
        elif total > self._bounds.connections:
            found = list(self._held)
        else:
            return None
        if not found:
            return newest
        first = max(found, key=lambda conn: (_is_idle(conn), self._addresses[conn.address], -conn.since))
        self._let_go(first)
        return first

    def _go_on(self, conn: Connection) -> None:
        held = self._held.get(conn)
        if held is None:  # let go of since the poller named it
            return
        self._let_go(conn)
        try:
            held.ready(conn)
        except Exception:  # noqa: BLE001 - no connection may end the loop for all
            self._stumbled(conn)

    def _let_go(self, conn: Connection) -> None:
        del self._held[conn]
        self._poller.unregister(conn.sock)


def _is_idle(conn: Connection) -> bool:
    return not conn.outlet.waits and (conn.arrival is None or not conn.arrival.begun)
