"""The inbox of an app: own lines only."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from notifications.models import Notification
from notifications.tests.conftest import tell, work


@pytest.fixture
def lines(retailer_user: User) -> list[Notification]:
    """Two unread lines, newest first."""
    tell([retailer_user.pk], "order_created")
    tell([retailer_user.pk], "order_accepted")
    work()
    return list(Notification.objects.filter(kind__startswith="order_", user=retailer_user))


def test_the_newest_comes_first_with_all_its_fields(retailer_api: APIClient, lines: Any) -> None:
    answer = retailer_api.get("/api/notifications").json()
    assert [row["id"] for row in answer["results"][:2]] == [line.pk for line in lines]
    created = answer["results"][1]
    assert created["title"] == "Order Successfully Created"
    assert set(created) == {"id", "kind", "title", "body", "about", "created_at", "read", "read_at"}
    assert (created["about"], created["read"], created["read_at"]) == ("ORD1001", False, None)


def test_reading_one_is_noted_once(retailer_api: APIClient, lines: list[Notification]) -> None:
    first = retailer_api.post(f"/api/notifications/{lines[0].pk}/read").json()
    assert first["read"] is True
    assert retailer_api.post(f"/api/notifications/{lines[0].pk}/read").json() == first
    unread = retailer_api.get("/api/notifications", {"unread": "true"}).json()["results"]
    assert lines[0].pk not in [row["id"] for row in unread]
    assert lines[1].pk in [row["id"] for row in unread]


def test_reading_all_leaves_nothing_unread_and_others_alone(
    retailer_api: APIClient, lines: list[Notification], vendor_user: User
) -> None:
    tell([vendor_user.pk], "order_received")
    work()
    assert retailer_api.post("/api/notifications/read-all").json()["read"] >= 2
    assert retailer_api.get("/api/notifications", {"unread": "true"}).json()["count"] == 0
    assert Notification.objects.filter(user=vendor_user, kind="order_received", read_at=None).exists()


@pytest.mark.parametrize("who", ["rival_retailer_api", "vendor_api", "admin_api"])
def test_another_ones_line_does_not_exist(request: Any, lines: list[Notification], who: str) -> None:
    stranger = request.getfixturevalue(who)
    assert stranger.post(f"/api/notifications/{lines[0].pk}/read").status_code == 404
    listed = stranger.get("/api/notifications").json()["results"]
    assert lines[0].pk not in [row["id"] for row in listed]
    lines[0].refresh_from_db()
    assert lines[0].read_at is None


def test_an_id_of_nothing_is_404(retailer_api: APIClient) -> None:
    for line_id in ("0", "99999999999999999999999", "x"):
        assert retailer_api.post(f"/api/notifications/{line_id}/read").status_code == 404


def test_nobody_reads_without_a_token(anonymous_api: APIClient) -> None:
    assert anonymous_api.get("/api/notifications").status_code == 401
    assert anonymous_api.post("/api/notifications/read-all").status_code == 401


def test_a_malformed_filter_is_refused(retailer_api: APIClient) -> None:
    answer = retailer_api.get("/api/notifications", {"unread": "perhaps"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["unread"])


def test_reading_the_inbox_costs_two_statements(
    retailer_api: APIClient, lines: list[Notification], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # who asks, and the page
        retailer_api.get("/api/notifications")
