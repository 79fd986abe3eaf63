"""Every variable that AQAD reads, and what it may be. Meanings and defaults are in docs/settings.md."""

from collections.abc import Mapping

from aqad.environment.keys import Key
from aqad.environment.kinds import (
    Address,
    Hosts,
    Kind,
    MailServer,
    Networks,
    Origins,
    Port,
    Rate,
    Text,
    Url,
    Whole,
    Word,
)

FLAG = Word(("0", "1"))
REDIS = Url(("redis", "rediss", "unix"), path=True, login=True, query=True)
BROKER = Url(("redis", "rediss", "redis+socket"), path=True, login=True, query=True)

VARIABLES: dict[str, Kind] = {
    # Where it runs
    "AQAD_ENV": Word(("development", "production")),
    "AQAD_PORT": Port(),
    "AQAD_BIND": Address(),
    "AQAD_PUBLIC_URL": Url(("https", "http"), in_production=("https",)),
    "AQAD_DATA_DIR": Text(),
    "AQAD_WEB_PROCESSES": Whole(1, 64),
    "AQAD_WEB_WORKER": Word(("express", "gthread")),
    "AQAD_TRUSTED_PROXIES": Networks(),
    "ALLOWED_HOSTS": Hosts(),
    "CORS_ALLOWED_ORIGINS": Origins(),
    "AQAD_COMPRESS_STATIC": FLAG,
    "AQAD_LOG_JSON": FLAG,
    "AQAD_VERSION": Text(),
    "AQAD_COMMIT": Text(),
    # What it starts with
    "AQAD_DEMO": Word(("0", "1"), in_production=("0",)),
    "AQAD_ADMIN_EMAIL": Text(),
    "AQAD_ADMIN_PASSWORD": Text(),
    # Servers
    "DATABASE_URL": Url(("postgres", "postgresql"), path=True, login=True, query=True),
    "REDIS_URL": REDIS,
    "CELERY_BROKER_URL": BROKER,
    "AQAD_DB_KEEP": FLAG,
    "AQAD_SLOW_QUERY_MS": Whole(1, 600_000, unit="milliseconds"),
    "AQAD_SLOW_ANSWER_MS": Whole(1, 600_000, unit="milliseconds"),
    "EMAIL_URL": MailServer(),
    "AQAD_MAIL_FROM": Text(),
    "AQAD_S3_BUCKET": Text(),
    "AQAD_S3_ENDPOINT": Url(("https", "http"), in_production=("https",)),
    "AQAD_CLAMD": Url(("tcp", "unix"), path=True),
    # Secrets
    "SECRET_KEY": Key(),
    "AQAD_JWT_SIGNING_KEY": Key(),
    "AQAD_METRICS_TOKEN": Key(characters=20),
    # Rules of the marketplace
    "AQAD_HOLD_SECONDS": Whole(1, 7 * 86400, in_production=(300, 86400), unit="seconds"),
    "AQAD_PAYMENT_RETRY_HOURS": Whole(0, 8760, in_production=(1, 168), unit="hours"),
    "AQAD_ORDER_ANSWER_HOURS": Whole(0, 8760, in_production=(1, 336), unit="hours"),
    "AQAD_MAX_OPEN_CARD_HOLDS": Whole(1, 1_000_000_000, in_production=(1, 100)),
    "AQAD_MAX_OPEN_CARD_VALUE": Whole(0, 1_000_000_000, in_production=(0, 10_000_000), unit="AED"),
    "AQAD_MAX_OPEN_CASH_VALUE": Whole(0, 1_000_000_000, in_production=(0, 10_000_000), unit="AED"),
    "AQAD_NEW_BUYER_MAX_VALUE": Whole(0, 1_000_000_000, in_production=(0, 10_000_000), unit="AED"),
    "AQAD_NEW_BUYER_MAX_SHARE": Whole(0, 100, unit="per cent"),
    "AQAD_NEW_BUYER_FREE_VALUE": Whole(0, 1_000_000_000, in_production=(0, 10_000_000), unit="AED"),
    "AQAD_SWEEP_SECONDS": Whole(1, 3600, in_production=(5, 300), unit="seconds"),
    "AQAD_STAFF_OTP": Word(("required", "offered"), in_production=("required",)),
    "AQAD_PICTURES_AT_ONCE": Whole(1, 64),
    "AQAD_CHECK_WAIT_SECONDS": Whole(0, 600, in_production=(1, 60), unit="seconds"),
    "AQAD_IMPORT_MAX_MIB": Whole(1, 50, unit="MiB"),
    "AQAD_IMPORT_MAX_ROWS": Whole(1, 200_000, unit="rows"),
    "AQAD_IMPORT_KEEP_DAYS": Whole(1, 365, unit="days"),
    "AQAD_KEEP_MESSAGES_DAYS": Whole(1, 3650, in_production=(30, 3650), unit="days"),
    "AQAD_KEEP_WEBHOOKS_DAYS": Whole(1, 3650, in_production=(7, 3650), unit="days"),
    "AQAD_KEEP_POSITIONS_DAYS": Whole(1, 3650, in_production=(14, 3650), unit="days"),
    "AQAD_KEEP_PROOFS_DAYS": Whole(1, 3650, in_production=(30, 3650), unit="days"),
    "AQAD_KEEP_APPLICATIONS_DAYS": Whole(1, 3650, in_production=(30, 3650), unit="days"),
    "AQAD_KEEP_PAPERS_DAYS": Whole(1, 7300, in_production=(365, 7300), unit="days"),
    "AQAD_ACCESS_MINUTES": Whole(1, 1440, in_production=(1, 60), unit="minutes"),
    "AQAD_REFRESH_DAYS": Whole(1, 365, in_production=(1, 90), unit="days"),
    "AQAD_SESSION_IDLE_DAYS": Whole(1, 365, in_production=(1, 90), unit="days"),
    "AQAD_SESSION_MAX_DAYS": Whole(1, 365, in_production=(1, 180), unit="days"),
    "AQAD_STAFF_IDLE_MINUTES": Whole(10, 1440, in_production=(10, 120), unit="minutes"),
    "AQAD_STAFF_SESSION_HOURS": Whole(1, 168, in_production=(1, 24), unit="hours"),
    # Limits
    "AQAD_REQUEST_PATIENCE": Whole(1, 600, in_production=(3, 60), unit="seconds"),
    "AQAD_REQUEST_SECONDS": Whole(1, 86400, in_production=(60, 3600), unit="seconds"),
    "AQAD_REQUEST_RATE": Whole(1, 10_000_000, in_production=(256, 100_000), unit="bytes a second"),
    "AQAD_SPOOL_MIB": Whole(1, 1_000_000, in_production=(64, 1_000_000), unit="MiB"),
    "AQAD_CONNECTIONS": Whole(1, 100_000, in_production=(100, 20_000)),
    "AQAD_CONNECTIONS_PER_ADDRESS": Whole(1, 100_000, in_production=(10, 20_000)),
    "AQAD_RATE_REGISTER": Rate("1/h", "60/m"),
    "AQAD_RATE_LOGIN": Rate("1/m", "120/m"),
    "AQAD_RATE_LOGIN_EMAIL": Rate("1/h", "20/m"),
    "AQAD_RATE_LOGIN_KNOWN": Rate("1/h", "20/m"),
    "AQAD_RATE_PASSWORD": Rate("1/h", "20/m"),
    "AQAD_RATE_CODE": Rate("1/h", "20/m"),
    "AQAD_RATE_EMAIL_CHANGE": Rate("1/d", "60/h"),
    "AQAD_RATE_RESET": Rate("1/d", "60/h"),
    "AQAD_RATE_ORDER": Rate("1/m", "600/m"),
    "AQAD_RATE_DEFAULT": Rate("30/m", "6000/m"),
    # Payments
    "AQAD_GATEWAY": Word(("", "sandbox"), in_production=("",)),
    "AQAD_GATEWAY_PORT": Port(),
    "AQAD_SANDBOX_URL": Url(("https", "http")),
    "AQAD_SANDBOX_API_KEY": Text(),
    "AQAD_SANDBOX_WEBHOOK_SECRET": Text(),
    "AQAD_SANDBOX_LATE_SECONDS": Whole(0, 86400, unit="seconds"),
    "AQAD_SANDBOX_SESSION_SECONDS": Whole(1, 30 * 86400, unit="seconds"),
}

REQUIRED_IN_PRODUCTION = (
    *("SECRET_KEY", "AQAD_JWT_SIGNING_KEY", "AQAD_PUBLIC_URL", "ALLOWED_HOSTS"),
    *("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL", "AQAD_S3_BUCKET"),
)
WHY_NOT_IN_PRODUCTION = {
    "AQAD_DEMO": "it would load demo data",
    "AQAD_GATEWAY": "the sandbox takes no real money",
}
SECRET = ("AQAD_ADMIN_PASSWORD", "AQAD_SANDBOX_API_KEY", "AQAD_SANDBOX_WEBHOOK_SECRET")
PUBLISHED_PASSWORD = "karak-tea-at-five"  # noqa: S105 - of the demo's people, printed in the README


def find_faults(environment: Mapping[str, str]) -> list[str]:
    """What is wrong with these variables, one sentence for each fault: which, why, and what to set.

    A variable that is empty is one that is not set.
    """
    production = environment.get("AQAD_ENV") == "production"
    given = {name: value for name in VARIABLES if (value := environment.get(name))}
    faults = [
        _sentence(name, value, wrong)
        for name, value in given.items()
        if (wrong := _fault(name, value, production=production))
    ]
    return [*faults, *_faults_in_production(given)] if production else faults


def _fault(name: str, value: str, *, production: bool) -> str:
    if value.startswith("$"):  # the reader would take another variable's value, which nobody judged
        return "it begins with $, as what a shell or template did not fill in"
    return VARIABLES[name].fault(value, production=production)


def _faults_in_production(given: Mapping[str, str]) -> list[str]:
    """What no variable shows by itself."""
    faults = [f"{name} is missing" for name in REQUIRED_IN_PRODUCTION if name not in given]
    first, second = given.get("SECRET_KEY", ""), given.get("AQAD_JWT_SIGNING_KEY", "")
    if first and second and (first in second or second in first):
        faults.append("AQAD_JWT_SIGNING_KEY must differ from SECRET_KEY, and neither contain the other")
    if given.get("AQAD_ADMIN_PASSWORD") == PUBLISHED_PASSWORD:
        faults.append("AQAD_ADMIN_PASSWORD is the demo's, which is published: choose another")
    return faults


def _sentence(name: str, value: str, wrong: str) -> str:
    if VARIABLES[name].secret or name in SECRET:
        return f"{name}: {wrong}"
    shown = value if len(value) <= 100 else f"{value[:100]}…"
    why = WHY_NOT_IN_PRODUCTION.get(name, "") if "in production" in wrong else ""
    return f"{name} is {_quoted(shown)}; {wrong}{f' ({why})' if why else ''}"


def _quoted(value: str) -> str:
    return f"'{value}'" if value.isprintable() else ascii(value)
