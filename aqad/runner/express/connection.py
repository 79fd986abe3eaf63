"""A connection, and one request of it as a thread of gunicorn's sees it."""

import io
import time
from typing import Any

from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn

from aqad.runner.express.arriving import Arrival
from aqad.runner.express.outlet import Outlet
from aqad.runner.express.spool import Room


class Connection(TConn):
    """Read by the loop alone; `outlet` is what an answer is written to."""

    def __init__(self, config: Config, sock: Any, client: Any, server: Any, room: Room) -> None:
        super().__init__(config, sock, client, server)
        self.outlet = Outlet(sock, room)
        self.arrival: Arrival | None = None
        self.closed = False
        self.since = time.monotonic()  # it waits: after its last answer, or from its beginning

    @property
    def address(self) -> str:
        """Of the client; empty where it comes by a file."""
        return str(self.client[0]) if isinstance(self.client, tuple) else ""

    def init(self) -> None:
        """There is no parser to be made: what is parsed is read before."""
        self.initialized = True

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        self.closed = True
        if self.arrival:
            self.arrival.close()
            self.arrival = None
        self.outlet.close()
        super().close()


class Exchange:
    """A request that is there as a whole, in the form of a connection that a thread can handle."""

    initialized = data_ready = True
    is_http2 = False

    def __init__(self, conn: Connection, arrival: Arrival) -> None:
        self.sock, self.client, self.server = conn.outlet, conn.client, conn.server
        self.parser = _Parsed(arrival)

    def init(self) -> None:
        """It is ready."""


class _Parsed:
    """A parser of gunicorn's that has read its request already."""

    def __init__(self, arrival: Arrival) -> None:
        self._request, self._error = arrival.prepared(), arrival.error
        self._whole = not arrival.withheld
        self.unreader = io.BytesIO()

    def __next__(self) -> Request:
        if self._request is None:
            raise self._error or StopIteration
        return self._request

    def finish_body(self, deadline: float | None = None) -> bool:
        return self._whole
