"""The sandbox gateway as a real process, and AQAD's client of it."""

import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from pytest_django import Settings

from payments.gateways.base import PaymentRequest
from payments.gateways.sandbox_client import SandboxGateway
from payments.tests.sandbox_process import Sandbox


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """The running sandbox, with AQAD's settings pointing at it; faults end with the test."""
    point_at(sandbox_process, settings)
    yield sandbox_process
    sandbox_process.order_faults()


@pytest.fixture
def own_sandbox(tmp_path, settings: Settings) -> Iterator[Sandbox]:
    """A sandbox for this test alone, which may kill it."""
    with Sandbox(tmp_path) as sandbox:
        point_at(sandbox, settings)
        yield sandbox


@pytest.fixture
def gateway(sandbox: Sandbox) -> SandboxGateway:
    return SandboxGateway()


@pytest.fixture
def payment_request() -> Callable[..., PaymentRequest]:
    """Make a payment of PAY1001 over 4,725.00 AED, with a key of its own, changed as asked."""

    def make(**changes) -> PaymentRequest:
        return PaymentRequest(
            **{
                "reference": "PAY1001",
                "amount": Decimal("4725.00"),
                "currency": "AED",
                "description": "AQAD checkout CHK1001",
                "return_url": "http://127.0.0.1:8000/payments/PAY1001/result?from=card",
                "customer_email": "orders@freshmart.example",
                "language": "en",
                "idempotency_key": uuid.uuid4().hex,
                **changes,
            }
        )

    return make


def point_at(sandbox: Sandbox, settings: Settings) -> None:
    settings.SANDBOX_URL = sandbox.url
    settings.SANDBOX_API_KEY = sandbox.api_key
    settings.SANDBOX_WEBHOOK_SECRET = sandbox.webhook_secret
    settings.WEBHOOK_TOLERANCE_SECONDS = 300
