"""Every error, from whichever layer, has the one body of the contract."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory

from aqad.lib.web.out_of_date import csrf_failure

JSON = "application/json"


def assert_body(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == JSON
    body: dict[str, Any] = json.loads(response.content)
    assert body["success"] is False
    assert body["code"] == code
    assert body["message"]
    assert body["request_id"] == response["X-Request-ID"]
    assert response["Cache-Control"] == "no-store"
    assert "internal detail" not in response.content.decode()
    assert "secret" not in response.content.decode()
    return body


def test_an_address_nobody_answers_is_404(client: Client) -> None:
    body = assert_body(client.get("/api/nothing"), 404, "not_found")
    assert set(body) == {"success", "message", "code", "request_id"}


def test_a_method_nobody_answers_is_405_and_names_the_others(client: Client) -> None:
    response = client.delete("/api/vendor-only")
    assert_body(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]


def test_a_page_that_only_takes_posts_says_so_in_full(client: Client) -> None:
    response = client.get("/posting", headers={"Accept": JSON})
    assert_body(response, 405, "method_not_allowed")
    assert response["Allow"] == "POST"
    assert b"<h1>" in client.get("/posting").content


def test_a_probe_with_another_method_is_405(client: Client) -> None:
    assert_body(client.post("/healthz"), 405, "method_not_allowed")


def test_without_a_token_401_unauthorized(client: Client) -> None:
    response = client.get("/api/vendor-only")
    body = assert_body(response, 401, "unauthorized")
    assert body["message"] == "Unauthorized"
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic dTpw", "Bearer"])
def test_a_bad_token_is_the_same_401(client: Client, header: str) -> None:
    body = assert_body(client.get("/api/vendor-only", headers={"Authorization": header}), 401, "unauthorized")
    assert body["message"] == "Unauthorized"


def test_another_role_is_403(client: Client) -> None:
    response = client.get("/api/vendor-only", headers={"Authorization": "Bearer retailer"})
    assert_body(response, 403, "forbidden")


def test_the_right_role_gets_through_uncached(client: Client) -> None:
    response = client.get("/api/vendor-only", headers={"Authorization": "Bearer vendor"})
    assert response.json() == {"hello": "vendor-7"}
    assert response["Cache-Control"] == "no-store"


def test_a_view_that_forgot_to_say_who_may_call_is_closed(client: Client) -> None:
    assert_body(client.get("/api/undeclared"), 401, "unauthorized")
    response = client.get("/api/undeclared", headers={"Authorization": "Bearer admin"})
    assert_body(response, 403, "forbidden")


def test_a_domain_error_carries_its_details_beside_the_code(client: Client) -> None:
    body = assert_body(client.get("/api/raise/domain"), 409, "out_of_stock")
    assert body["items"] == [{"product": "P1001", "requested": 5, "available": 3}]
    assert body["message"] == "Not enough in stock."


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("crash", 500, "server_error"),
        ("transition", 409, "invalid_transition"),
        ("missing", 404, "not_found"),
        ("denied", 403, "forbidden"),
        ("suspicious", 400, "validation_error"),
        ("recursion", 400, "validation_error"),
    ],
)
@pytest.mark.parametrize("prefix", ["/api/raise", "/raise"])
def test_exceptions_mean_the_same_in_api_and_pages(
    client: Client, prefix: str, kind: str, status: int, code: str
) -> None:
    assert_body(client.get(f"{prefix}/{kind}", headers={"Accept": JSON}), status, code)


@pytest.mark.parametrize("path", ["/api/raise/database", "/api/raise/unavailable", "/raise/database"])
def test_what_is_down_for_now_is_503_with_retry_after(client: Client, path: str) -> None:
    response = client.get(path, headers={"Accept": JSON})
    assert_body(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_throttling_by_the_framework_is_the_same_429(client: Client) -> None:
    response = client.get("/api/raise/throttled")
    assert_body(response, 429, "rate_limited")
    assert response["Retry-After"] == "12"


def test_validation_of_the_domain_names_its_fields(client: Client) -> None:
    body = assert_body(client.get("/api/raise/invalid"), 400, "validation_error")
    assert body["errors"] == {"name": ["Too short.", "Too plain."], "city": ["Unknown."]}
    assert body["message"] == "Too short."


def test_what_concerns_no_field_is_the_message_alone(client: Client) -> None:
    body = assert_body(client.get("/api/raise/invalid-general"), 400, "validation_error")
    assert body["message"] == "These do not fit together."
    assert "errors" not in body


def test_nested_errors_are_named_by_dotted_path(client: Client) -> None:
    body = assert_body(client.get("/api/raise/nested"), 400, "validation_error")
    assert body["errors"] == {
        "items.1.quantity": ["Too many."],
        "address.city": ["Missing."],
        "tags.1": ["Empty."],
    }


def test_an_unknown_host_is_400(client: Client) -> None:
    assert_body(client.get("/api/things", headers={"Host": "evil.example"}), 400, "validation_error")


@pytest.mark.parametrize("path", ["/api/things?search=%00", "/api/raise/%00", "/healthz?x=a%00b"])
def test_a_nul_character_in_the_address_is_400(client: Client, path: str) -> None:
    assert_body(client.get(path), 400, "validation_error")


def test_whoever_accepts_only_other_types_still_gets_json(client: Client) -> None:
    response = client.get("/api/things", headers={"Accept": "application/xml"})
    assert response.status_code == 200
    assert response["Content-Type"] == JSON
    assert_body(client.get("/api/nothing", headers={"Accept": "text/html"}), 404, "not_found")


@pytest.mark.parametrize(
    ("kind", "status"), [("crash", 500), ("missing", 404), ("denied", 403), ("database", 503)]
)
def test_people_get_a_page_with_the_request_id_and_no_internals(
    client: Client, kind: str, status: int
) -> None:
    response = client.get(f"/raise/{kind}", headers={"Accept": "text/html"})
    page = response.content.decode()
    assert response.status_code == status
    assert response["X-Request-ID"] in page
    assert '<html lang="en" dir="ltr">' in page
    assert "internal detail" not in page
    assert "<style" not in page
    assert "<script" not in page


def test_a_form_out_of_date_gets_the_same_body() -> None:
    request = RequestFactory().post("/sign-in", headers={"Accept": JSON})
    response = csrf_failure(request, reason="internal detail")
    assert response.status_code == 403
    assert json.loads(response.content)["code"] == "forbidden"


def test_errors_speak_arabic_when_asked(client: Client) -> None:
    response = client.get("/api/nothing", headers={"Accept-Language": "ar"})
    assert assert_body(response, 404, "not_found")["message"] == "غير موجود."
    page = client.get(
        "/raise/missing", headers={"Accept-Language": "ar", "Accept": "text/html"}
    ).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert assert_body(client.get("/api/nothing"), 404, "not_found")["message"] == "Not found."


def test_outer_layers_speak_arabic_too(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "1/m"}
    client.get("/api/things", headers={"Accept-Language": "en"})
    response = client.get("/api/things", headers={"Accept-Language": "ar"})
    message = assert_body(response, 429, "rate_limited")["message"]
    assert not message.isascii()
