"""Whether a port is free, and whether a server answers on it."""

import http.client
import socket
import time

from aqad.runner.environment import LOOPBACK
from aqad.runner.errors import RunnerError

PATIENCE = 2.0  # seconds; the workers of a killed server end within one


def require_free(port: int, variable: str) -> None:
    """Raise RunnerError when something else listens on the port; `variable` is what chooses another."""
    deadline = time.monotonic() + PATIENCE
    while not _is_free(port):
        if time.monotonic() > deadline:
            raise RunnerError(
                f"Port {port} is taken by another program.\n"
                f"Stop that program, or choose another port: {variable}={port + 100} make run"
            )
        time.sleep(0.1)


def answers(port: int, path: str, *, host: str) -> bool:
    """Whether a GET of the path, asked for under the name `host`, answers 200.

    Straight to the loopback, past any proxy.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((LOOPBACK, port))
        except PermissionError as error:
            raise RunnerError(f"Port {port} may not be used by this user: choose one above 1023.") from error
        except OSError:
            return False
        return True
