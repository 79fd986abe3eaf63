"""The OpenAPI schema itself: valid, complete, every body named."""

from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from tests.sweep.routes import all_routes, shape_of

APART = {"/api/schema", "/api/docs"}
WITHOUT_BODY = {
    "/api/imports/{code}/cancel",
    "/api/orders/{code}/accept",
    "/api/orders/{code}/ready",
    "/api/notifications/read-all",
    "/api/notifications/{notification_id}/read",
    "/api/retailers/{code}/reinstate",
}
WITHOUT_NAME = {
    "/api/payments/webhooks/{gateway}",  # each gateway sends what it likes
    "/api/imports/{code}/errors",  # files
    "/api/products/export",
}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def test_it_is_valid_and_nothing_in_it_was_guessed(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_route_and_method_is_described(described: dict[str, Any]) -> None:
    real = {(method, each.path) for each in all_routes() if each.is_api for method in each.methods}
    told = {(method, shape_of(path)) for path, method, _operation in _operations(described)}
    assert {each for each in real if each[1] not in APART} == told


def test_every_answer_has_a_named_shape_and_every_error_the_one_body(described: dict[str, Any]) -> None:
    for path, method, operation in _operations(described):
        answers = dict(operation["responses"])
        error = answers.pop("default")["content"]["application/json"]["schema"]
        assert error == {"$ref": "#/components/schemas/Error"}, f"{method} {path}"
        assert answers, f"{method} {path}"
        for status, answer in answers.items():
            if status not in ("202", "204") and path not in WITHOUT_NAME:
                assert "$ref" in answer["content"]["application/json"]["schema"], f"{method} {path}"


def test_every_request_body_has_a_named_shape(described: dict[str, Any]) -> None:
    for path, method, operation in _operations(described):
        if method in ("POST", "PUT", "PATCH") and path not in WITHOUT_BODY | WITHOUT_NAME:
            for content in operation["requestBody"]["content"].values():
                assert "$ref" in content["schema"], f"{method} {path}"


def test_every_list_tells_how_to_page(described: dict[str, Any]) -> None:
    for path, method, operation in _operations(described):
        shape = str(operation["responses"].get("200", {}).get("content", ""))
        if "Page'" in shape:
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert {"page", "page_size"} <= names, f"{method} {path}"


def _operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method.upper(), operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
