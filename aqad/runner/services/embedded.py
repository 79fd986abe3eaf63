"""The servers AQAD needs: ours, unless the environment names others."""

from pathlib import Path

from aqad.runner.environment import Configuration
from aqad.runner.services.postgres import Postgres
from aqad.runner.services.valkey import Valkey
from aqad.runner.supervisor import Supervisor
from aqad.runner.terminal import say

UP_WITHIN = 60.0  # seconds; after a kill the database first reads its journal again


def addresses(configuration: Configuration, sockets: Path) -> dict[str, str]:
    """DATABASE_URL, REDIS_URL and CELERY_BROKER_URL as the processes are to see them."""
    embedded = {
        "DATABASE_URL": Postgres.url(sockets),
        "REDIS_URL": Valkey.cache_url(sockets),
        "CELERY_BROKER_URL": Valkey.broker_url(sockets),
    }
    return {**embedded, **configuration.external}


def start(
    supervisor: Supervisor, configuration: Configuration, sockets: Path, *, throwaway: bool = False
) -> dict[str, str]:
    """Start what is embedded, wait until it answers, and return the addresses.

    A throwaway server keeps nothing on the disk for certain, which makes it faster.
    """
    data = configuration.data
    if configuration.embeds_postgres:
        postgres = Postgres.at(
            data / "postgres", sockets=sockets, log=data / "log" / "postgres.log", throwaway=throwaway
        )
        program = postgres.program()
        supervisor.start(program)
        supervisor.wait_until(postgres.is_ready, program, within=UP_WITHIN)
        postgres.make_database()
    if configuration.embeds_valkey:
        valkey = Valkey.at(
            data / "valkey", sockets=sockets, log=data / "log" / "valkey.log", throwaway=throwaway
        )
        program = valkey.program()
        supervisor.start(program)
        supervisor.wait_until(valkey.is_ready, program, within=UP_WITHIN, every=0.01)
    if not supervisor.quiet:
        say(_described(configuration))
    return addresses(configuration, sockets)


def _described(configuration: Configuration) -> str:
    postgres = "embedded PostgreSQL" if configuration.embeds_postgres else "the database of DATABASE_URL"
    valkey = "embedded Valkey" if configuration.embeds_valkey else "the server of REDIS_URL"
    return f"Using {postgres} and {valkey}."
