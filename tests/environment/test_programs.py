"""Every program of AQAD refuses to start in an environment that makes no sense, and says what to set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aqad.runner.environment import production_like, without_our_variables

PROJECT = Path(__file__).resolve().parents[2]
SERVICES = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")}
PROGRAMS = {
    "web": ["-m", "gunicorn", "--config", "python:aqad.runner.gunicorn_conf", "--check-config", "aqad.wsgi"],
    "worker": ["-m", "celery", "--app", "aqad", "worker", "--concurrency", "1"],
    "beat": ["-m", "aqad.beat", "--schedule", "/dev/null/none"],
    "manage.py": ["manage.py", "migrate"],
    "the runner": ["-m", "aqad.runner", "run"],
    "the runner's manage": ["-m", "aqad.runner", "manage", "check"],
}
BAD = {
    "AQAD_ENV": ("prod", "AQAD_ENV is 'prod'; it can be development or production"),
    "AQAD_DEMO": ("yes please", "AQAD_DEMO is 'yes please'; it can be 0 or 1"),
    "AQAD_RATE_LOGIN": ("100000/s", "AQAD_RATE_LOGIN is '100000/s'; in production it must be between"),
}


DEPLOYMENT = ["manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"]


def start(program: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {**without_our_variables(), **variables, "AQAD_DATA_DIR": str(folder / "data")}
    return subprocess.run(
        [sys.executable, *PROGRAMS.get(program, DEPLOYMENT)],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", BAD)
def test_no_program_starts(program: str, name: str, tmp_path: Path) -> None:
    value, sentence = BAD[name]

    done = start(program, tmp_path, production_like(SERVICES) | {name: value})

    assert done.returncode not in {0, None}
    assert sentence in done.stdout + done.stderr
    assert not (tmp_path / "data").exists()


def test_a_person_at_the_terminal_reads_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    for program in ("manage.py", "the runner", "web"):
        done = start(program, tmp_path, {"AQAD_ENV": "prod"})

        assert "Traceback" not in done.stdout + done.stderr, program


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        ({}, ""),
        ({"DATABASE_URL": "postgres://aqad:secret@db.internal/aqad"}, "aqad.W001"),
        ({"REDIS_URL": "redis://cache.internal/0"}, "aqad.W002"),
        ({"CELERY_BROKER_URL": "rediss://broker.internal/0?ssl_cert_reqs=none"}, "aqad.W003"),
        ({"AQAD_MAIL_FROM": "AQAD <no-reply@aqad.example>"}, "aqad.W004"),
    ],
)
def test_deployment_is_warned_of_what_is_seldom_right(
    changed: dict[str, str], warning: str, tmp_path: Path
) -> None:
    done = start("deployment check", tmp_path, production_like(SERVICES) | changed)

    assert done.returncode == (1 if warning else 0), done.stderr
    assert warning in done.stderr
