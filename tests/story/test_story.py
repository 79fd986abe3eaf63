"""The whole life of an order on an empty database: real servers, real workers, the sandbox gateway."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from aqad.runner.environment import without_our_variables
from aqad.runner.program import PROJECT
from tests.runner.installation import Installation

pytestmark = pytest.mark.runner


@pytest.fixture(scope="module")
def aqad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """AQAD with nothing in it but what every installation has; told more often than its limits foresee."""
    unlimited = {"AQAD_RATE_REGISTER": "100/m", "AQAD_RATE_LOGIN": "100/m"}
    installation = Installation(tmp_path_factory.mktemp("story"), **unlimited)
    installation.start()
    yield installation
    if installation.is_running():
        installation.end(signal.SIGTERM)
    installation.remove()


@pytest.fixture(scope="module")
def first_told(aqad: Installation) -> CompletedProcess[str]:
    return tell(aqad)


def tell(installation: Installation, *arguments: str) -> CompletedProcess[str]:
    environment = {**without_our_variables(), **installation.variables}
    command = [sys.executable, "-m", "aqad.story", *arguments]
    return subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_on_an_empty_database_the_story_has_the_codes_of_the_contract(
    aqad: Installation, first_told: CompletedProcess[str]
) -> None:
    told = first_told

    assert told.returncode == 0, f"{told.stdout[-3000:]}{told.stderr}"
    assert told.stdout.rstrip().endswith(": V1001, P1001, ORD1001, DEL1001.")
    assert "audit  Vendor V1001 created Product P1001" in told.stdout
    assert "audit  Retailer R2001 created Order ORD1001" in told.stdout
    assert "CHK1001" in told.stdout
    assert "PAY1001 is paid" in told.stdout
    assert "DP1001" in told.stdout
    _assert_invariants_hold(aqad)


@pytest.mark.usefixtures("first_told")
def test_a_second_time_the_parties_are_others_and_all_goes_as_well(aqad: Installation) -> None:
    told = tell(aqad, f"http://127.0.0.1:{aqad.port}")

    assert told.returncode == 0, f"{told.stdout[-3000:]}{told.stderr}"
    _assert_invariants_hold(aqad)


@pytest.mark.usefixtures("first_told")
def test_when_something_differs_the_story_says_what_and_ends_with_an_error(aqad: Installation) -> None:
    aqad.execute("UPDATE catalog_brand SET slug = 'not-pepsi' WHERE slug = 'pepsi'")
    try:
        told = tell(aqad)
    finally:
        aqad.execute("UPDATE catalog_brand SET slug = 'pepsi' WHERE slug = 'not-pepsi'")

    assert told.returncode == 1
    assert "This differs: the status of POST /api/products" in told.stdout
    assert "expected  201" in told.stdout
    assert "found     400" in told.stdout


def test_without_aqad_the_story_says_how_to_start_it(aqad: Installation) -> None:
    told = tell(aqad, "http://127.0.0.1:9")

    assert told.returncode == 2
    assert "make run" in told.stdout


def _assert_invariants_hold(aqad: Installation) -> None:
    reconciled = aqad.command("manage", "reconcile", "--fail")
    assert reconciled.returncode == 0, f"{reconciled.stdout}{reconciled.stderr}"
