"""What `manage.py check --deploy` warns of: settings that can be right, but seldom are.

They do not stop a start: AQAD cannot know whether a network between machines is encrypted below them.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core import checks

ENCRYPTED = {"require", "verify-ca", "verify-full"}
LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}


def register_checks() -> None:
    """Make Django run them."""
    checks.register(checks.Tags.security, deploy=True)(check_connections)
    checks.register(checks.Tags.security, deploy=True)(check_sender)


def check_connections(**_: Any) -> list[checks.Warning]:
    """Connections that leave the machine in clear text."""
    database = settings.DATABASES["default"]
    host, options = str(database.get("HOST") or ""), database.get("OPTIONS", {})
    warnings = []
    goes = "goes to another machine without TLS."
    if not _stays_here(host) and options.get("sslmode") not in ENCRYPTED:
        hint = "Add ?sslmode=verify-full, or see to it that the network itself is encrypted."
        warnings.append(checks.Warning(f"DATABASE_URL {goes}", hint, id="aqad.W001"))
    for name, url in (("REDIS_URL", settings.REDIS_URL), ("CELERY_BROKER_URL", settings.CELERY_BROKER_URL)):
        parts = urlsplit(url)
        if parts.scheme == "redis" and not _stays_here(parts.hostname or ""):
            hint = "Use rediss://, or see to it that the network itself is encrypted."
            warnings.append(checks.Warning(f"{name} {goes}", hint, id="aqad.W002"))
        elif parts.scheme == "rediss" and parse_qs(parts.query).get("ssl_cert_reqs") == ["none"]:
            hint = "Take ssl_cert_reqs=none away."
            warnings.append(checks.Warning(f"{name} does not check whom it speaks to.", hint, id="aqad.W003"))
    return warnings


def check_sender(**_: Any) -> list[checks.Warning]:
    """Mails from a domain that nobody can own."""
    domain = settings.DEFAULT_FROM_EMAIL.rstrip("> ").rpartition("@")[2].lower()
    if domain == "example" or domain.endswith(".example"):
        hint = "Set AQAD_MAIL_FROM to an address of yours, such as AQAD <no-reply@aqad.ae>."
        return [checks.Warning(f"Mails are sent from {domain}, which nobody owns.", hint, id="aqad.W004")]
    return []


def _stays_here(host: str) -> bool:
    return host in LOOPBACK or host.startswith("/")
