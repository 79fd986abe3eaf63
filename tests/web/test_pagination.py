"""Lists by the page."""

from typing import Any

import pytest
from django.test import Client


def test_pages_link_to_each_other_under_the_public_address(client: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://aqad.example"
    first = client.get("/api/numbers?of=45&colour=red").json()
    assert first == {
        "count": 45,
        "next": "https://aqad.example/api/numbers?of=45&colour=red&page=2",
        "previous": None,
        "results": list(range(20)),
    }
    last = client.get("/api/numbers?of=45&page=3").json()
    assert last["results"] == list(range(40, 45))
    assert last["next"] is None
    assert last["previous"] == "https://aqad.example/api/numbers?of=45&page=2"
    assert last["count"] == 45


def test_at_most_a_hundred_on_a_page(client: Client) -> None:
    assert len(client.get("/api/numbers?of=300&page_size=5000").json()["results"]) == 100
    assert len(client.get("/api/numbers?of=300&page_size=3").json()["results"]) == 3


def test_an_empty_list_is_a_page_but_beyond_the_end_is_404(client: Client) -> None:
    assert client.get("/api/numbers?of=0").json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }
    assert client.get("/api/numbers?of=40&page=2").json()["next"] is None
    for page in ("3", "9" * 30):
        response = client.get(f"/api/numbers?of=40&page={page}")
        assert response.status_code == 404
        assert response.json()["code"] == "not_found"


@pytest.mark.parametrize("name", ["page", "page_size"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "", "٣", "1e3"])
def test_a_malformed_number_is_400_under_its_name(client: Client, name: str, value: str) -> None:
    response = client.get("/api/numbers", {name: value})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [name]


def test_the_count_is_exact_to_ten_thousand_and_then_capped(client: Client) -> None:
    assert "count_capped" not in client.get("/api/numbers?of=10000").json()
    body = client.get("/api/numbers?of=10001").json()
    assert body["count"] == 10_000
    assert body["count_capped"] is True
    assert body["next"]
