"""`make run`, with real processes: what stays up, what comes back, what is left behind."""

import contextlib
import os
import re
import signal
import urllib.request
from collections.abc import Iterator

import psycopg
import pytest

from tests.runner.installation import Installation, eventually

pytestmark = pytest.mark.runner


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("a folder with spaces"))
    yield installation
    if installation.is_running():
        installation.end(signal.SIGTERM)
    installation.remove()


@pytest.fixture
def aqad(installation: Installation) -> Installation:
    """AQAD, up; started anew when the test before ended it."""
    if not installation.is_running():
        installation.start()
    return installation


def test_from_nothing_it_comes_up_and_says_where(aqad: Installation) -> None:
    assert aqad.status("/healthz") == 200
    assert f"http://127.0.0.1:{aqad.port}/api/docs" in aqad.said()
    assert f"http://127.0.0.1:{aqad.gateway_port}" in aqad.said()
    assert (aqad.data / "keys.json").stat().st_mode & 0o777 == 0o600
    page = urllib.request.urlopen(f"http://127.0.0.1:{aqad.port}/", timeout=30).read().decode()
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    assert files
    assert {aqad.status(file) for file in files} == {200}


def test_its_database_keeps_what_statements_cost(aqad: Installation) -> None:
    assert aqad.execute("SELECT count(*) > 0 FROM pg_stat_statements") == [(True,)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("web", "gunicorn"),
        ("worker", "worker"),
        ("gateway", "payments.gateways.sandbox"),
        ("valkey", "valkey"),
    ],
)
def test_a_killed_program_is_started_again(aqad: Installation, name: str, words: str) -> None:
    killed = aqad.master(words)
    assert killed is not None

    _kill(killed)

    eventually(lambda: aqad.master(words) not in (None, killed), f"another {name}")
    assert f"{name} ended (killed by SIGKILL), starting it again" in aqad.said()
    eventually(lambda: aqad.status("/healthz") == 200, "an answer again")


def test_a_killed_database_comes_back_with_its_data(aqad: Installation) -> None:
    aqad.execute(
        "CREATE TABLE IF NOT EXISTS before_the_crash (); INSERT INTO before_the_crash DEFAULT VALUES"
    )
    killed = aqad.master("postgres")
    assert killed is not None

    _kill(killed)

    eventually(lambda: aqad.master("postgres") not in (None, killed), "another database")
    eventually(lambda: _answers(aqad, "SELECT 1"), "the database to answer")
    assert aqad.execute("SELECT count(*) > 0 FROM before_the_crash") == [(True,)]


def test_after_kill_9_nothing_is_left_running_and_the_next_start_has_the_data(aqad: Installation) -> None:
    aqad.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz); INSERT INTO kept VALUES (now())")
    [(before,)] = aqad.execute("SELECT count(*) FROM kept")

    aqad.end(signal.SIGKILL)
    eventually(lambda: not aqad.processes(), "the orphans to end")
    aqad.start()

    assert aqad.status("/healthz") == 200
    assert aqad.execute("SELECT count(*) FROM kept") == [(before,)]


def test_after_kill_9_of_everything_the_next_start_has_the_data(aqad: Installation) -> None:
    aqad.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz); INSERT INTO kept VALUES (now())")
    [(before,)] = aqad.execute("SELECT count(*) FROM kept")

    aqad.end(signal.SIGKILL)
    for pid in aqad.processes():
        _kill(pid)
    aqad.start()

    assert aqad.execute("SELECT count(*) FROM kept") == [(before,)]


def test_ctrl_c_stops_the_programs_before_the_servers_and_ends_well(aqad: Installation) -> None:
    assert aqad.end(signal.SIGINT) == 0

    stopped = re.findall(r"(\w+) stopped \(", aqad.said())
    assert stopped == ["web", "beat", "worker", "gateway", "valkey", "postgres"]
    assert aqad.processes() == []


def test_a_second_start_on_the_same_data_is_refused_and_disturbs_nothing(aqad: Installation) -> None:
    second = aqad.command("run")

    assert second.returncode == 1
    assert f"AQAD already runs on {aqad.data}" in second.stdout
    assert aqad.status("/healthz") == 200


def test_a_command_uses_the_servers_of_the_running_aqad(aqad: Installation) -> None:
    aqad.execute("CREATE TABLE IF NOT EXISTS seen_from_outside ()")
    tables = "from django.db import connection; print(connection.introspection.table_names())"

    done = aqad.command("manage", "shell", "--no-imports", "-c", tables)

    assert done.returncode == 0, done.stderr
    assert "seen_from_outside" in done.stdout


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _answers(aqad: Installation, statement: str) -> bool:
    try:
        return bool(aqad.execute(statement))
    except psycopg.OperationalError:
        return False
