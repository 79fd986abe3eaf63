"""What the program is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class ConfigError(Exception):
    """The environment lacks something or says nonsense; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Config:
    """How this sandbox runs. Durations are in seconds."""

    port: int
    data: Path
    api_key: str
    webhook_secret: str
    webhook_url: str
    late_seconds: float
    session_seconds: int

    @property
    def url(self) -> str:
        """Say where browsers and merchants reach this program."""
        return f"http://127.0.0.1:{self.port}"


def from_environment(environ: Mapping[str, str]) -> Config:
    """Read the environment. Raises `ConfigError`.

    Needed: AQAD_GATEWAY_PORT, AQAD_SANDBOX_DATA (a folder, made if missing), AQAD_SANDBOX_API_KEY,
    AQAD_SANDBOX_WEBHOOK_SECRET, AQAD_SANDBOX_WEBHOOK_URL. Optional: AQAD_SANDBOX_LATE_SECONDS (5) for the
    slow test cards, AQAD_SANDBOX_SESSION_SECONDS (86400) before an unpaid session expires.
    """

    def needed(name: str) -> str:
        if not (value := environ.get(name, "")):
            raise ConfigError(f"{name} is not set")
        return value

    def number(name: str, value: str) -> float:
        try:
            return float(value)
        except ValueError:
            raise ConfigError(f"{name} is not a number: {value!r}") from None

    return Config(
        port=int(number("AQAD_GATEWAY_PORT", needed("AQAD_GATEWAY_PORT"))),
        data=Path(needed("AQAD_SANDBOX_DATA")),
        api_key=needed("AQAD_SANDBOX_API_KEY"),
        webhook_secret=needed("AQAD_SANDBOX_WEBHOOK_SECRET"),
        webhook_url=needed("AQAD_SANDBOX_WEBHOOK_URL"),
        late_seconds=number("AQAD_SANDBOX_LATE_SECONDS", environ.get("AQAD_SANDBOX_LATE_SECONDS") or "5"),
        session_seconds=int(
            number("AQAD_SANDBOX_SESSION_SECONDS", environ.get("AQAD_SANDBOX_SESSION_SECONDS") or "86400")
        ),
    )
