"""What the runner does not start, and how it says so."""

import socket
from pathlib import Path

import pytest

from tests.runner.installation import Installation

EXTERNAL = {
    "DATABASE_URL": "postgres://db/aqad",
    "REDIS_URL": "redis://cache/0",
    "CELERY_BROKER_URL": "redis://broker/0",
}
pytestmark = pytest.mark.runner


@pytest.mark.parametrize("variable", ["AQAD_PORT", "AQAD_GATEWAY_PORT"])
def test_a_busy_port_is_named_with_what_to_do(tmp_path: Path, variable: str) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = Installation(tmp_path, **{variable: str(port)}).command("run")

    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stdout
    assert f"{variable}=" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "does not use the embedded servers: set DATABASE_URL and REDIS_URL and CELERY_BROKER_URL"),
        ({"DATABASE_URL": "postgres://db/aqad"}, "set REDIS_URL and CELERY_BROKER_URL"),
        (
            {**EXTERNAL, "AQAD_DEMO": "1"},
            "in production it must be 0 (it would load demo data)",
        ),
        (
            {**EXTERNAL, "AQAD_GATEWAY": "sandbox"},
            "in production it must be empty (the sandbox takes no real money)",
        ),
    ],
)
def test_production_refuses_what_is_for_development(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    installation = Installation(tmp_path, **{"AQAD_ENV": "production", "AQAD_DEMO": "0", **variables})

    done = installation.command("run")

    assert done.returncode == 1
    assert sentence in done.stdout
    assert not installation.data.exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("AQAD_PORT", "eighty"), ("AQAD_PORT", "70000"), ("AQAD_DEMO", "x"), ("AQAD_ENV", "test")],
)
def test_a_variable_that_makes_no_sense_is_named(tmp_path: Path, variable: str, value: str) -> None:
    done = Installation(tmp_path, **{variable: value}).command("run")

    assert done.returncode == 1
    assert f"{variable} is '{value}'" in done.stdout


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")

    done = Installation(tmp_path, AQAD_DATA_DIR=str(in_the_way / "data")).command("run")

    assert done.returncode == 1
    assert f"The data folder {in_the_way / 'data'} cannot be written" in done.stdout
