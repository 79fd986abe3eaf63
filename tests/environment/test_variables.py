"""What each variable may be, judged at one place."""

import random
import re
import secrets
from pathlib import Path

import pytest

from aqad.demo import sign_ins
from aqad.environment.keys import is_monotonous
from aqad.environment.kinds import Rate
from aqad.environment.variables import PUBLISHED_PASSWORD, REQUIRED_IN_PRODUCTION, VARIABLES, find_faults
from aqad.runner.environment import production_like

PROJECT = Path(__file__).resolve().parents[2]
SERVICES = {
    "DATABASE_URL": "postgres://aqad:secret@db.internal/aqad",
    "REDIS_URL": "redis://cache.internal/0",
    "CELERY_BROKER_URL": "redis://broker.internal/0",
}
_CHANCE = random.Random(11)  # the same in each process, or they collect other tests
GOOD_HEX = "".join(_CHANCE.choices("0123456789abcdef", k=64))
GOOD_DIGITS = "".join(_CHANCE.choices("0123456789", k=200))


def production(**changes: str) -> list[str]:
    return find_faults(production_like(SERVICES) | changes)


def test_a_well_configured_production_and_an_empty_environment_have_no_faults() -> None:
    assert production() == []
    assert find_faults({}) == []
    assert find_faults(dict.fromkeys(VARIABLES, "")) == [], "an empty variable is one that is not set"


@pytest.mark.parametrize("word", ["prod", "Production", "production ", "PRODUCTION", "live", "staging", "1"])
def test_an_environment_of_an_unknown_name_is_none(word: str) -> None:
    faults = find_faults({"AQAD_ENV": word})

    assert faults == [f"AQAD_ENV is '{word}'; it can be development or production"]


@pytest.mark.parametrize("name", [name for name, kind in VARIABLES.items() if getattr(kind, "words", ())])
def test_every_choice_refuses_what_is_none_of_its_words(name: str) -> None:
    for value in ("yes please", "true", "maybe", "0 ", "２"):
        assert any(fault.startswith(f"{name} is ") for fault in find_faults({name: value})), value


@pytest.mark.parametrize("name", [name for name, kind in VARIABLES.items() if hasattr(kind, "least")])
def test_every_number_and_rate_refuses_what_is_none(name: str) -> None:
    for value in ("-1", "many", "1.5", "1e3", "٥", "0x10", "9" * 30, "0/s", "-5/m", "5/week", "5", "5/m;"):
        is_good = value == "5" and not isinstance(VARIABLES[name], Rate)
        if not is_good:
            assert any(fault.startswith(f"{name} is ") for fault in find_faults({name: value})), value


@pytest.mark.parametrize("name", REQUIRED_IN_PRODUCTION)
def test_production_misses_what_it_needs(name: str) -> None:
    assert f"{name} is missing" in production(**{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AQAD_DEMO", "1"),
        ("AQAD_GATEWAY", "sandbox"),
        ("AQAD_STAFF_OTP", "offered"),
        ("AQAD_PUBLIC_URL", "http://aqad.example"),
        ("AQAD_PUBLIC_URL", "https://aqad.example/shop"),
        ("AQAD_PUBLIC_URL", "https://user:password@aqad.example"),
        ("AQAD_PUBLIC_URL", "https://"),
        ("AQAD_PUBLIC_URL", "aqad.example"),
        ("AQAD_S3_ENDPOINT", "http://s3.aqad.example"),
        ("AQAD_S3_ENDPOINT", "http://127.0.0.1:9000"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "aqad.example,*"),
        ("ALLOWED_HOSTS", ".ae"),
        ("ALLOWED_HOSTS", "https://aqad.example"),
        ("CORS_ALLOWED_ORIGINS", "http://app.aqad.example"),
        ("CORS_ALLOWED_ORIGINS", "https://app.aqad.example,http://localhost:3000"),
        ("CORS_ALLOWED_ORIGINS", "*"),
        ("CORS_ALLOWED_ORIGINS", "null"),
        ("CORS_ALLOWED_ORIGINS", "https://*.aqad.example"),
        ("AQAD_TRUSTED_PROXIES", "0.0.0.0/0"),
        ("AQAD_TRUSTED_PROXIES", "::/0"),
        ("AQAD_TRUSTED_PROXIES", "0.0.0.0/1,128.0.0.0/1"),
        ("AQAD_TRUSTED_PROXIES", ",".join(f"{first}.0.0.0/8" for first in range(1, 224))),
        ("AQAD_TRUSTED_PROXIES", ",".join(f"{4 * first}.0.0.0/8" for first in range(1, 50))),
        ("AQAD_TRUSTED_PROXIES", "::ffff:0:0/96"),
        ("AQAD_TRUSTED_PROXIES", "2000::/3"),
        ("AQAD_TRUSTED_PROXIES", "10.0.0.0/7"),
        ("AQAD_TRUSTED_PROXIES", "the proxy"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "filemail:///tmp/mails"),
        ("EMAIL_URL", "dummymail://"),
        ("EMAIL_URL", "memorymail://"),
        ("EMAIL_URL", "smtp://user:password@mail.aqad.example:25"),
        ("EMAIL_URL", "smtp://localhost:25"),
        ("EMAIL_URL", "smtp+tls://mail.aqad.example:587?email_use_tls=False"),
        ("EMAIL_URL", "smtp+tls://"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "ab" * 32),
        ("SECRET_KEY", "correct-horse-" * 5),
        ("SECRET_KEY", "abcdefghijklmnopqrstuvwxyz" * 3),
        ("SECRET_KEY", "".join(map(chr, range(33, 97)))),
        ("SECRET_KEY", "django-insecure-" + GOOD_HEX),
        ("SECRET_KEY", "development-only-secret-key-that-production-refuses"),
        ("SECRET_KEY", "$" + GOOD_HEX),
        ("AQAD_JWT_SIGNING_KEY", "x" * 64),
        ("AQAD_METRICS_TOKEN", "metrics"),
        ("AQAD_METRICS_TOKEN", "m" * 40),
        ("AQAD_ADMIN_PASSWORD", "karak-tea-at-five"),
        ("AQAD_RATE_LOGIN", "100000/s"),
        ("AQAD_RATE_LOGIN", "100000/d"),
        ("AQAD_RATE_LOGIN", "0/m"),
        ("AQAD_RATE_LOGIN", "10/s"),
        ("AQAD_RATE_LOGIN_EMAIL", "600/m"),
        ("AQAD_RATE_RESET", "1000/h"),
        ("AQAD_RATE_REGISTER", "5000/m"),
        ("AQAD_RATE_ORDER", "1000000/s"),
        ("AQAD_RATE_DEFAULT", "1000000/s"),
        ("AQAD_RATE_DEFAULT", "1/d"),
        ("AQAD_ACCESS_MINUTES", "61"),
        ("AQAD_ACCESS_MINUTES", "525600"),
        ("AQAD_ACCESS_MINUTES", "0"),
        ("AQAD_REFRESH_DAYS", "91"),
        ("AQAD_REFRESH_DAYS", "-1"),
        ("AQAD_HOLD_SECONDS", "1"),
        ("AQAD_HOLD_SECONDS", "604800"),
        ("AQAD_SWEEP_SECONDS", "3600"),
        ("AQAD_MAX_OPEN_CARD_HOLDS", "100000"),
        ("AQAD_LOG_JSON", "please"),
        ("AQAD_WEB_PROCESSES", "0"),
        ("AQAD_BIND", "everywhere"),
        ("DATABASE_URL", "sqlite:///aqad.db"),
        ("DATABASE_URL", "mysql://aqad@db/aqad"),
        ("REDIS_URL", "memcached://cache"),
        ("AQAD_CLAMD", "http://clamd:3310"),
    ],
)
def test_production_refuses_what_is_insecure_or_absurd(name: str, value: str) -> None:
    faults = production(**{name: value})

    assert len(faults) == 1, faults
    assert faults[0].startswith(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", GOOD_HEX),
        ("SECRET_KEY", GOOD_DIGITS),
        ("EMAIL_URL", "smtps://user:password@mail.aqad.example:465"),
        ("EMAIL_URL", "smtp+ssl://mail.aqad.example"),
        ("AQAD_TRUSTED_PROXIES", "10.0.0.0/8, 172.16.0.0/12,192.168.0.0/16,127.0.0.1"),
        ("AQAD_TRUSTED_PROXIES", "104.16.0.0/13,2606:4700::/32,2a06:98c0::/29,fd00::/8"),
        ("ALLOWED_HOSTS", "aqad.ae,.aqad.ae,[::1],10.0.0.7"),
        ("CORS_ALLOWED_ORIGINS", "https://app.aqad.ae,https://admin.aqad.ae:8443"),
        ("AQAD_RATE_LOGIN", "20/m"),
        ("AQAD_RATE_DEFAULT", "50/s"),
        ("AQAD_ACCESS_MINUTES", "60"),
        ("AQAD_REFRESH_DAYS", "90"),
        ("AQAD_HOLD_SECONDS", "900"),
        ("AQAD_CLAMD", "unix:///run/clamd.sock"),
        ("DATABASE_URL", "postgresql://u:p%40x@db:5432/aqad?sslmode=verify-full"),
    ],
)
def test_production_takes_what_is_sound(name: str, value: str) -> None:
    assert production(**{name: value}) == []


def test_the_two_keys_differ_and_neither_contains_the_other() -> None:
    key = secrets.token_urlsafe(64)
    for other in (key, f"{key}:jwt"):
        assert any("must differ" in fault for fault in production(SECRET_KEY=key, AQAD_JWT_SIGNING_KEY=other))


def test_secrets_are_not_repeated_in_a_refusal() -> None:
    said = " ".join(
        production(
            SECRET_KEY="q" * 60,
            EMAIL_URL="smtp://postman:hunter2@mail.aqad.example",
            DATABASE_URL="mysql://aqad:hunter2@db/aqad",
            AQAD_ADMIN_PASSWORD="$hunter2",
        )
    )

    assert "hunter2" not in said
    assert "qqq" not in said
    assert all(name in said for name in ("SECRET_KEY", "EMAIL_URL", "DATABASE_URL", "AQAD_ADMIN_PASSWORD"))


def test_the_published_password_is_the_demos() -> None:
    assert sign_ins.PASSWORD == PUBLISHED_PASSWORD


def test_random_keys_are_never_called_monotonous() -> None:
    for _ in range(2000):
        assert not is_monotonous(secrets.token_urlsafe(38))
        assert not is_monotonous(secrets.token_hex(25))


def test_development_may_have_what_production_may_not() -> None:
    lenient = {"AQAD_RATE_LOGIN": "100000/m", "AQAD_HOLD_SECONDS": "2", "EMAIL_URL": "consolemail://"}

    assert find_faults(lenient) == []


def test_every_variable_of_the_documentation_is_judged_and_the_other_way_round() -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", (PROJECT / "docs" / "settings.md").read_text(), re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}
    not_ours = {"PG_BIN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}  # read by the runner, and by boto3

    assert documented - not_ours == set(VARIABLES)


def test_whatever_the_settings_read_is_judged() -> None:
    reading = re.compile(r"env(?:iron)?\.(?:get|str|int|bool|list|float|db)\(\s*\"([A-Z0-9_]+)\"")
    sources = [PROJECT / "aqad" / f"{name}.py" for name in ("settings", "celery_conf", "production", "beat")]
    sources += (PROJECT / "aqad" / "runner").rglob("*.py")
    read = {name for source in sources for name in reading.findall(source.read_text())}
    others = {"PG_BIN", "PROMETHEUS_MULTIPROC_DIR", "DJANGO_SETTINGS_MODULE", "NO_COLOR", "CI"}

    assert {"AQAD_ENV", "AQAD_RATE_LOGIN", "AQAD_WEB_PROCESSES"} <= read
    assert read - others <= set(VARIABLES)
