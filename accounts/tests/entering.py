"""Signing in on the API, as the tests of it do."""

from typing import Any

from tests.factories import PASSWORD, api_client


def sign_in(email: str, password: str = PASSWORD, address: str = "192.0.2.1", **body: Any) -> Any:
    body = {"email": email, "password": password, **body}
    return api_client().post("/api/auth/login", body, REMOTE_ADDR=address)
