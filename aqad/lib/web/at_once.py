"""What an application says that answers many requests at once (`aqad.runner.express`)."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Ready:
    """A whole answer, with its Content-Length among the headers."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"
