"""What a stranger may send as JSON, and what never reaches a handler."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy

from aqad.lib.api.json import dumps, loads
from tests.web.urls import Things


def post(client: Client, body: bytes | str, content_type: str = "application/json") -> Any:
    return client.post("/api/things", data=body, content_type=content_type)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"anything": ' + "[" * 40 + "]" * 40 + "}",
        '{"quantity": 9223372036854775808}',
        '{"quantity": -9223372036854775809}',
        '{"quantity": ' + "9" * 5000 + "}",
        '{"price": 1e999999999}',
        '{"price": 1.' + "0" * 100 + "}",
        '{"price": NaN}',
        '{"price": Infinity}',
        '{"price": -Infinity}',
        '{"name": "a\\u0000b"}',
        '{"\\u0000": 1}',
        '{"name": "\\ud800"}',
        '{"name": "a", "name": "b"}',
        '"text"',
        "12",
        "null",
        "{",
        "",
        b'{"name": "\xff\xfe"}',
        b"\xef\xbb\xbf{}",
        '{"name": "raw\ttab"}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_json_that_could_choke_us_is_400(client: Client, body: bytes | str) -> None:
    response = (
        post(client, body) if body else client.post("/api/things", data=" ", content_type="application/json")
    )
    assert response.status_code == 400
    assert response.json()["code"] == "validation_error"
    assert response.json()["message"].startswith("The request body is not valid JSON")


def test_reasonable_json_is_read_as_it_was_written(client: Client) -> None:
    response = post(client, '{"name": "علي \\ud83c\\udf4b", "price": 0.10}'.encode())
    assert response.status_code == 201
    assert response.json() == {"name": "علي 🍋", "price": "0.10"}
    assert loads('{"max": 9223372036854775807, "fraction": 0.10}') == {
        "max": 2**63 - 1,
        "fraction": Decimal("0.10"),
    }


def test_a_body_over_the_cap_is_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = post(client, json.dumps({"name": "x" * 1000}))
    assert response.status_code == 413
    assert response.json()["code"] == "file_too_large"


def test_a_multipart_request_over_its_cap_is_413(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Things, "longest_body", 1000)
    response = client.post("/api/things", {"name": "x" * 1000})
    assert response.status_code == 413
    assert response.json()["code"] == "file_too_large"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"]
)
def test_another_content_type_is_415(client: Client, content_type: str) -> None:
    response = post(client, "name=a", content_type)
    assert response.status_code == 415
    assert response.json()["code"] == "unsupported_media_type"


def test_multipart_without_its_boundary_is_400(client: Client) -> None:
    response = post(client, "name=a", "multipart/form-data")
    assert response.status_code == 400
    assert response.json()["code"] == "validation_error"


def test_more_form_fields_than_allowed_is_400(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    response = client.post("/api/things", {"name": "a", "email": "b", "phone": "c"})
    assert response.status_code == 400
    assert response.json()["code"] == "validation_error"


def test_answers_keep_decimals_exact_and_arabic_readable() -> None:
    assert dumps({"total": Decimal("45.00"), "big": Decimal("1E+2")}) == b'{"total":"45.00","big":"100"}'
    assert "علي" in dumps({"name": "علي"}).decode()
    assert json.loads(dumps({"message": gettext_lazy("Not found."), "ids": (1, 2)})) == {
        "message": "Not found.",
        "ids": [1, 2],
    }


def test_bytes_that_are_ready_are_sent_as_they_are(client: Client) -> None:
    response = client.get("/api/cached")
    assert response.content == b'{"ready":"bytes"}'
    assert response["Cache-Control"] == "public, max-age=60"
    assert loads(response.content) == {"ready": "bytes"}
