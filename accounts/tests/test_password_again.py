"""What moves money asks for the password again, and goes on with everything that was sent."""

from typing import Any

import pytest
from django.test import Client

from accounts import sessions
from accounts.models import User
from audit.models import Entry
from orders.models import Order
from retailers.models import Retailer
from tests import goods
from tests.factories import PASSWORD, make_staff
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

ORDERS = "/admin/orders/order/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff("Operations"))
    return client


@pytest.fixture
def order(vendor: Vendor, retailer: Retailer) -> Order:
    return goods.place_order(retailer, (goods.list_product(vendor), 2))


def cancel(desk: Client, order: Order, **more: str) -> Any:
    body = {"action": "cancel", "_selected_action": [order.pk], "reason": "Goods “spoiled” & lost", **more}
    return desk.post(ORDERS, body)


def status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_the_action_waits_for_the_password_and_keeps_what_was_typed(desk: Client, order: Order):
    page = cancel(desk, order)
    assert 'name="password_again"' in page.text
    assert 'name="action" value="cancel"' in page.text
    assert f'name="_selected_action" value="{order.pk}"' in page.text
    assert 'value="Goods “spoiled” &amp; lost"' in page.text
    assert "no-store" in page["Cache-Control"]
    assert status(order) == "pending"
    assert cancel(desk, order, password_again=PASSWORD).status_code == 302
    assert status(order) == "cancelled"
    assert Entry.objects.get(object_code=order.code, to_status="cancelled").reason == "Goods “spoiled” & lost"


def test_a_wrong_password_does_nothing_is_noted_and_asks_again(desk: Client, order: Order):
    page = cancel(desk, order, password_again="not-the-password")
    assert "This is not your password." in page.text
    assert "not-the-password" not in page.text
    assert 'value="Goods “spoiled” &amp; lost"' in page.text
    assert status(order) == "pending"
    assert Entry.objects.filter(verb="failed to confirm the password of").count() == 1


def test_wrong_passwords_are_limited(desk: Client, order: Order):
    answers = [cancel(desk, order, password_again="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert cancel(desk, order, password_again=PASSWORD).status_code == 429
    assert status(order) == "pending"


def test_within_ten_minutes_it_is_not_asked_again_and_later_it_is(desk: Client, order: Order, settings: Any):
    cancel(desk, order, password_again=PASSWORD)
    assert desk.post(ORDERS, {"action": "reject", "_selected_action": [order.pk]}).status_code == 302
    session = desk.session
    session[sessions.PASSWORD_AGAIN] -= settings.PASSWORD_AGAIN_SECONDS
    session.save()
    assert cancel(desk, order).status_code == 200


def test_signing_in_does_not_count(client: Client, order: Order):
    operator = make_staff("Operations")
    client.post("/sign-in", {"email": operator.email, "password": PASSWORD})
    assert 'name="password_again"' in cancel(client, order).text


def test_what_moves_no_money_goes_on_as_before(desk: Client, order: Order):
    assert desk.post(ORDERS, {"action": "accept", "_selected_action": [order.pk]}).status_code == 302
    assert status(order) == "processing"


def test_who_may_not_is_not_helped_by_a_password(client: Client, order: Order):
    client.force_login(make_staff("Support"))
    cancel(client, order, password_again=PASSWORD)
    assert status(order) == "pending"
    assert User.objects.exists()


def test_the_api_asks_for_no_password_besides_its_token(admin_api: Any, order: Order):
    assert admin_api.post(f"/api/orders/{order.code}/cancel", {"reason": "Spoiled"}).status_code == 200


# Rights and access -------------------------------------------------------------------------------

PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def chief(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def colleague(db: None) -> User:
    return make_staff("Support")


def snapshot(user: User) -> tuple[Any, ...]:
    now = User.objects.get(pk=user.pk)
    return now.access, now.is_superuser, now.name, now.token_version, sorted(now.groups.values_list("name"))


@pytest.mark.parametrize("action", ["deactivate", "reset_second_factor"])
def test_taking_access_or_a_second_factor_away_waits_for_the_password(
    chief: Client, colleague: User, action: str
):
    body = {"action": action, "_selected_action": [colleague.pk], "reason": "Has left us"}
    before = snapshot(colleague)
    for wrong in ({}, {"password_again": "wrong"}):
        assert 'name="password_again"' in chief.post(PEOPLE, {**body, **wrong}).text
        assert snapshot(colleague) == before
    assert chief.post(PEOPLE, {**body, "password_again": PASSWORD}).status_code == 302
    assert snapshot(colleague) != before


def test_giving_rights_waits_for_the_password(chief: Client, colleague: User):
    body = {"email": colleague.email, "name": "Another", "language": "en", "is_superuser": "on", "_save": "x"}
    path, before = f"{PEOPLE}{colleague.pk}/change/", snapshot(colleague)
    for wrong in ({}, {"password_again": "wrong"}):
        page = chief.post(path, {**body, **wrong}).text
        assert 'name="password_again"' in page
        assert 'name="is_superuser" value="on"' in page  # and goes on with it
        assert snapshot(colleague) == before
    assert chief.post(path, {**body, "password_again": PASSWORD}).status_code == 302
    assert User.objects.get(pk=colleague.pk).is_superuser


@pytest.mark.parametrize("written", ["+{}", "%20{}", "0_{}", "0{}"])
def test_a_key_that_is_written_otherwise_is_the_same_persons(chief: Client, colleague: User, written: str):
    path = f"{PEOPLE}{written.format(colleague.pk)}/change/"  # all are one number to Django
    body, before = {"email": colleague.email, "name": "Another", "is_superuser": "on"}, snapshot(colleague)
    answer = chief.post(path, {**body, "language": "en"})
    assert 'name="password_again"' in answer.text
    assert snapshot(colleague) == before


def test_inviting_staff_waits_for_the_password(chief: Client):
    body = {"email": "new@aqad.example", "name": "Noor", "language": "en"}
    assert 'name="password_again"' in chief.post(f"{PEOPLE}add/", body).text
    assert not User.objects.filter(email="new@aqad.example").exists()
    assert chief.post(f"{PEOPLE}add/", {**body, "password_again": PASSWORD}).status_code == 302
    assert User.objects.filter(email="new@aqad.example").exists()


def test_a_retailers_details_are_changed_without(chief: Client, retailer: Retailer):
    user = User.objects.get(code=retailer.code)
    body = {"email": user.email, "name": "Fatima B.", "phone": user.phone, "language": "en"}
    assert chief.post(f"{PEOPLE}{user.pk}/change/", body).status_code == 302
    assert User.objects.get(pk=user.pk).name == "Fatima B."
