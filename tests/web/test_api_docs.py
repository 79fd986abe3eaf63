"""The API describes itself, offline and under the strict policy."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def schema(client: Client) -> Any:
    return client.get("/api/schema?format=json").json()


def test_every_operation_names_its_errors_its_key_and_its_app(schema: Any) -> None:
    operations = [
        operation
        for path, item in schema["paths"].items()
        if "raise" not in path
        for operation in item.values()
    ]
    assert operations
    for operation in operations:
        content = operation["responses"]["default"]["content"]
        assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
        assert operation["security"] in ([{"bearer": []}], [{}, {"bearer": []}])
        assert operation["tags"] == ["tests"]
    ids = [operation["operationId"] for item in schema["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))


def test_open_operations_need_no_key(schema: Any) -> None:
    assert schema["paths"]["/api/things"]["get"]["security"] == [{}, {"bearer": []}]
    assert schema["paths"]["/api/things"]["patch"]["security"] == [{"bearer": []}]


def test_the_error_body_and_the_key_are_described(schema: Any) -> None:
    assert schema["openapi"].startswith("3.")
    assert set(schema["components"]["schemas"]["Error"]["required"]) == {
        "success",
        "message",
        "code",
        "request_id",
    }
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_who_has_the_description_is_not_sent_it_again(client: Client, kind: str) -> None:
    path = f"/api/schema?format={kind}"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    arabic = client.get(path, headers={"If-None-Match": first["ETag"], "Accept-Language": "ar"})
    assert arabic.status_code in (200, 304)
    assert "Accept-Language" in arabic["Vary"]
    assert client.get(path).content == first.content


def test_the_docs_hold_nothing_inline_and_nothing_from_outside(client: Client) -> None:
    page = client.get("/api/docs", headers={"Accept": "text/html"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in html
    assert "<script>" not in html
    assert "http" not in html.replace("http-equiv", "")
    script = client.get("/api/docs?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/schema" in script.content.decode().replace("\\u002D", "-")
