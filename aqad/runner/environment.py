"""What the environment asks for, and what the processes are given."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aqad.environment.variables import find_faults
from aqad.runner.errors import RunnerError

LOOPBACK = "127.0.0.1"
EXTERNAL = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")
OURS = (*EXTERNAL, "SECRET_KEY", "ALLOWED_HOSTS", "CORS_ALLOWED_ORIGINS", "EMAIL_URL")
OUR_PREFIXES = ("AQAD_", "AWS_", "PROMETHEUS_", "DJANGO_")


@dataclass(frozen=True)
class Configuration:
    data: Path
    port: int
    gateway_port: int
    gateway: str
    demo: bool
    production: bool
    public_url: str
    external: Mapping[str, str]

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> "Configuration":
        """Read the variables that concern the runner. Raises RunnerError with all that is wrong with any."""
        if faults := find_faults(variables):
            raise RunnerError(_explain(faults))
        production = variables.get("AQAD_ENV") == "production"
        port = int(variables.get("AQAD_PORT") or 8000)
        configuration = cls(
            data=Path(variables.get("AQAD_DATA_DIR") or "var").absolute(),
            port=port,
            gateway_port=int(variables.get("AQAD_GATEWAY_PORT") or port + 1),
            gateway=variables.get("AQAD_GATEWAY", "" if production else "sandbox"),
            demo=(variables.get("AQAD_DEMO") or ("0" if production else "1")) == "1",
            production=production,
            public_url=variables.get("AQAD_PUBLIC_URL") or f"http://{LOOPBACK}:{port}",
            external={name: variables[name] for name in EXTERNAL if variables.get(name)},
        )
        configuration._check()
        return configuration

    def _check(self) -> None:
        if self.port == self.gateway_port and self.runs_sandbox:
            raise RunnerError(f"AQAD_PORT and AQAD_GATEWAY_PORT are both {self.port}: choose two.")

    @property
    def runs_sandbox(self) -> bool:
        return self.gateway == "sandbox"

    @property
    def embeds_postgres(self) -> bool:
        return "DATABASE_URL" not in self.external

    @property
    def embeds_valkey(self) -> bool:
        return "REDIS_URL" not in self.external or "CELERY_BROKER_URL" not in self.external

    @property
    def url(self) -> str:
        """Where the web process answers on this machine."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def host(self) -> str:
        """The name under which AQAD answers."""
        return urlsplit(self.public_url).netloc

    @property
    def gateway_url(self) -> str:
        return f"http://{LOOPBACK}:{self.gateway_port}"

    def variables(self) -> dict[str, str]:
        """What the configuration says, spelled out for a child."""
        return {
            "AQAD_ENV": "production" if self.production else "development",
            "AQAD_DATA_DIR": str(self.data),
            "AQAD_PORT": str(self.port),
            "AQAD_PUBLIC_URL": self.public_url,
            "AQAD_DEMO": "1" if self.demo else "0",
            "AQAD_GATEWAY": self.gateway,
            "AQAD_GATEWAY_PORT": str(self.gateway_port),
            "PYTHONUNBUFFERED": "1",
            **_without_proxy_for_loopback(os.environ),
        }


def quiet_environment() -> dict[str, str]:
    """For the servers: none of the person's own PG… variables, and messages in English."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LANG": "C", "LC_ALL": "C"}


def without_our_variables() -> dict[str, str]:
    """This process's environment without what configures AQAD, for a run that must be like any other."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(OUR_PREFIXES)
    } | _without_proxy_for_loopback(os.environ)


def production_like(services: Mapping[str, str]) -> dict[str, str]:
    """Variables a well-configured production has, for checks of the deployment settings only."""
    return {
        **services,
        "AQAD_ENV": "production",
        "AQAD_DEMO": "0",
        "AQAD_GATEWAY": "",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AQAD_JWT_SIGNING_KEY": secrets.token_urlsafe(64),
        "AQAD_METRICS_TOKEN": secrets.token_urlsafe(32),
        "AQAD_PUBLIC_URL": "https://aqad.example",
        "ALLOWED_HOSTS": "aqad.example",
        "EMAIL_URL": "smtp+tls://user:password@mail.aqad.example:587",
        "AQAD_MAIL_FROM": "AQAD <no-reply@aqad.ae>",
        "AQAD_S3_BUCKET": "aqad",
        "AQAD_S3_ENDPOINT": "https://s3.aqad.example",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": secrets.token_urlsafe(32),
    }


def _without_proxy_for_loopback(variables: Mapping[str, str]) -> dict[str, str]:
    """Both spellings of NO_PROXY with the loopback names added: a proxy cannot reach our own processes."""
    named = variables.get("no_proxy") or variables.get("NO_PROXY") or ""
    hosts = [host.strip() for host in named.split(",") if host.strip()]
    hosts += [host for host in (LOOPBACK, "localhost", "::1") if host not in hosts]
    return dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(hosts))


def _explain(faults: list[str]) -> str:
    """One line for each fault. Production uses no server that the runner embeds, which is worth a word."""
    lines = ["AQAD refuses to start:", *(f"  {fault}" for fault in faults)]
    if missing := [name for name in EXTERNAL if f"{name} is missing" in faults]:
        lines.append(
            f"AQAD_ENV=production does not use the embedded servers: set {' and '.join(missing)} as well."
        )
    return "\n".join(lines)
