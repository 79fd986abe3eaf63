"""The order of the middlewares, told by what each kind of answer carries (docs/middleware.md)."""

from typing import Any

import pytest
from django.test import Client

ORIGIN = "https://shop.example"


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]


def assert_security_headers(response: Any) -> None:
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Request-ID"]


def assert_cors(response: Any) -> None:
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert "X-Request-ID".lower() in response["Access-Control-Expose-Headers"].lower()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/things", 200),
        ("/api/vendor-only", 401),
        ("/api/nothing", 404),
        ("/api/limited", 405),
        ("/api/raise/crash", 500),
        ("/api/raise/database", 503),
    ],
)
def test_every_answer_carries_security_and_cors_headers(client: Client, path: str, status: int) -> None:
    response = client.get(path, headers={"Origin": ORIGIN})
    assert response.status_code == status
    assert_security_headers(response)
    assert_cors(response)


def test_a_429_carries_them_too_and_says_when_to_come_back(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "1/m", "register": "1/m"}
    client.post("/api/limited")
    response = client.post("/api/limited", headers={"Origin": ORIGIN})
    assert response.status_code == 429
    assert response.json()["code"] == "rate_limited"
    assert 1 <= int(response["Retry-After"]) <= 60
    assert_security_headers(response)
    assert_cors(response)


def test_a_429_for_a_page_is_a_page(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "1/m"}
    client.get("/whoami")
    response = client.get("/whoami", headers={"Accept": "text/html"})
    assert response.status_code == 429
    assert response["Retry-After"]
    assert b"<h1>" in response.content


def test_a_preflight_is_answered_before_limits_and_authentication(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "1/m"}
    for _ in range(3):
        response = client.options(
            "/api/vendor-only",
            headers={
                "Origin": ORIGIN,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, idempotency-key",
            },
        )
        assert response.status_code == 200
        assert_cors(response)
        assert "idempotency-key" in response["Access-Control-Allow-Headers"]
        assert_security_headers(response)


def test_another_origin_gets_no_cors_headers(client: Client) -> None:
    response = client.get("/api/things", headers={"Origin": "https://evil.example"})
    assert response.status_code == 200
    assert not response.has_header("Access-Control-Allow-Origin")


def test_pages_are_never_shared_with_other_origins(client: Client) -> None:
    assert not client.get("/whoami", headers={"Origin": ORIGIN}).has_header("Access-Control-Allow-Origin")


def test_a_bad_host_is_refused_with_all_headers(client: Client) -> None:
    response = client.get("/api/things", headers={"Host": "evil.example", "Origin": ORIGIN})
    assert response.status_code == 400
    assert_security_headers(response)


def test_the_address_limit_comes_before_the_token(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "2/m"}
    statuses = [client.get("/api/vendor-only").status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_the_role_comes_before_the_body(client: Client) -> None:
    response = client.patch("/api/things", data="{broken", content_type="application/json")
    assert response.status_code == 401
    response = client.patch(
        "/api/things",
        data="{broken",
        content_type="application/json",
        headers={"Authorization": "Bearer vendor"},
    )
    assert response.status_code == 400


def test_private_answers_are_not_stored(client: Client) -> None:
    assert client.get("/api/things")["Cache-Control"] == "no-store"
    assert client.get("/api/nothing")["Cache-Control"] == "no-store"
