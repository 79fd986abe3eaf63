"""`make run` with servers of one's own."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.runner.installation import Installation

pytestmark = pytest.mark.runner


def test_servers_named_in_the_environment_are_used_and_none_is_started(tmp_path: Path) -> None:
    ours = os.environ["DATABASE_URL"]
    name = f"runner_external_{os.getpid()}"
    with psycopg.connect(ours, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            named = urlsplit(ours)._replace(path=f"/{name}").geturl()
            installation = Installation(
                tmp_path,
                DATABASE_URL=named,
                REDIS_URL=os.environ["REDIS_URL"],
                CELERY_BROKER_URL=os.environ["CELERY_BROKER_URL"],
            )
            installation.start()
            answer = installation.status("/healthz")
            servers = installation.processes("bin/postgres") + installation.processes("valkey-server")
            assert installation.end(signal.SIGINT) == 0
            with psycopg.connect(named) as other:
                tables = other.execute(
                    "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
                ).fetchone()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    assert answer == 200
    assert servers == []
    assert tables
    assert tables[0] > 0
    assert not (installation.data / "postgres").exists()
    assert not (installation.data / "valkey").exists()
