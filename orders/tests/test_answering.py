"""The table of transitions: who may move an order from where to where, and what that does to its stock."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F

from accounts.models import User
from audit.models import Entry
from orders import services
from orders.models import Checkout, Order
from tests.goods import carry, list_product, place, place_order, stock_of
from vendors import services as vendors

Status = Order.Status


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, quantity=10)


@pytest.fixture
def order(retailer, pepsi):
    """Pending with its vendor, holding 4."""
    return place_order(retailer, (pepsi, 4))


DRIVEN = {
    Status.READY: (),
    Status.SHIPPED: ("picked_up",),
    Status.COMPLETED: ("picked_up", "out_for_delivery", "delivered"),
    Status.RETURNED: ("picked_up", "out_for_delivery", "failed", "returned"),
}


@pytest.fixture
def order_in(order, retailer, pepsi, vendor_user):
    """Brings an order into a status along the allowed ways."""

    def bring(status):
        if status in (Status.PENDING_PAYMENT, Status.FAILED):
            unpaid = place(retailer, (pepsi, 4))
            if status == Status.FAILED:
                Checkout.objects.filter(pk=unpaid.pk).update(
                    reserved_until=F("created_at") - timedelta(hours=1)
                )
                services.expire_holds()
            return unpaid.orders.get()
        if status == Status.REJECTED:
            return services.reject_order(order, reason="none left", by=vendor_user)
        if status == Status.CANCELLED:
            return services.cancel_order(order, reason="spoiled", by=vendor_user)
        if status == Status.PENDING:
            return order
        if status == Status.PROCESSING:
            return services.accept_order(order, by=vendor_user)
        return carry(order, *DRIVEN[status])

    return bring


ALLOWED = {
    ("vendor", "accept"): {Status.PENDING: Status.PROCESSING},
    ("vendor", "reject"): {Status.PENDING: Status.REJECTED},
    ("vendor", "ready"): {Status.PROCESSING: Status.READY},
    ("vendor", "cancel"): {
        Status.PENDING: Status.CANCELLED,
        Status.PROCESSING: Status.CANCELLED,
        Status.READY: Status.CANCELLED,
    },
    ("retailer", "cancel"): {Status.PENDING_PAYMENT: Status.CANCELLED, Status.PENDING: Status.CANCELLED},
    ("admin", "accept"): {Status.PENDING: Status.PROCESSING},
    ("admin", "cancel"): {
        Status.PENDING_PAYMENT: Status.CANCELLED,
        Status.PENDING: Status.CANCELLED,
        Status.PROCESSING: Status.CANCELLED,
        Status.READY: Status.CANCELLED,
    },
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(("role", "move"), ALLOWED)
def test_only_the_moves_of_the_table_are_possible(
    request, order_in, pepsi, vendor_api, retailer_api, admin_api, role, move, status
):
    api = {"vendor": vendor_api, "retailer": retailer_api, "admin": admin_api}[role]
    moved = order_in(status)
    before = stock_of(pepsi)

    answer = api.post(f"/api/orders/{moved.code}/{move}", {"reason": "a reason"} if move != "ready" else {})

    becomes = ALLOWED[role, move].get(status)
    now = Order.objects.get(pk=moved.pk)
    if becomes:
        assert answer.status_code == 200
        assert answer.json()["status"] == now.status == becomes
    elif role == "vendor" and status in (Status.PENDING_PAYMENT, Status.FAILED):
        assert answer.status_code == 404  # an unpaid order is not the vendor's yet
        assert now.status == status
    else:
        assert answer.status_code == 409
        assert answer.json()["code"] == "invalid_transition"
        assert now.status == status
        assert stock_of(pepsi) == before
    call_command("reconcile", "--fail")


@pytest.mark.parametrize("move", ["accept", "reject", "ready", "cancel"])
def test_an_order_of_others_does_not_exist(rival_vendor_api, rival_retailer_api, anonymous_api, order, move):
    body = {"reason": "mischief"}
    assert rival_vendor_api.post(f"/api/orders/{order.code}/{move}", body).status_code == 404
    strangers = rival_retailer_api.post(f"/api/orders/{order.code}/{move}", body)
    assert strangers.status_code == (404 if move == "cancel" else 403)
    assert anonymous_api.post(f"/api/orders/{order.code}/{move}", body).status_code == 401
    assert Order.objects.get(pk=order.pk).status == Status.PENDING


def test_a_retailer_cannot_answer_its_own_order(retailer_api, order):
    for move in ("accept", "reject", "ready"):
        answer = retailer_api.post(f"/api/orders/{order.code}/{move}", {"reason": "mischief"})
        assert answer.status_code == 403
    assert Order.objects.get(pk=order.pk).status == Status.PENDING


def test_a_rejection_needs_a_reason_and_gives_the_stock_back(vendor_api, order, pepsi):
    refused = vendor_api.post(f"/api/orders/{order.code}/reject", {})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["reason"]
    assert stock_of(pepsi) == (10, 4)

    vendor_api.post(f"/api/orders/{order.code}/reject", {"reason": "The shelf fell over."})

    assert stock_of(pepsi) == (10, 0)
    assert Order.objects.get(pk=order.pk).reason == "The shelf fell over."


def test_a_second_rejection_changes_nothing(vendor_api, order, pepsi):
    vendor_api.post(f"/api/orders/{order.code}/reject", {"reason": "gone"})

    answer = vendor_api.post(f"/api/orders/{order.code}/reject", {"reason": "gone"})

    assert answer.status_code == 409
    assert stock_of(pepsi) == (10, 0)


def test_cancelling_an_unpaid_order_cancels_the_whole_checkout(retailer_api, retailer, rival_vendor, pepsi):
    cola = list_product(rival_vendor, quantity=5)
    checkout = place(retailer, (pepsi, 1), (cola, 2))

    retailer_api.post(f"/api/orders/{checkout.orders.first().code}/cancel", {})

    assert {order.status for order in checkout.orders.all()} == {Status.CANCELLED}
    assert Checkout.objects.get(pk=checkout.pk).status == Checkout.Status.CANCELLED
    assert checkout.payments.get().status == "cancelled"
    assert (stock_of(pepsi), stock_of(cola)) == ((10, 0), (5, 0))


def test_cancelling_a_pending_order_leaves_the_other_vendors_order(
    retailer_api, retailer, rival_vendor, pepsi
):
    cola = list_product(rival_vendor, quantity=5)
    checkout = place(retailer, (pepsi, 1), (cola, 2), method="cash_on_delivery")
    first, second = (checkout.orders.get(vendor=product.vendor) for product in (pepsi, cola))

    retailer_api.post(f"/api/orders/{first.code}/cancel", {"reason": "too many"})

    assert Order.objects.get(pk=first.pk).status == Status.CANCELLED
    assert Order.objects.get(pk=second.pk).status == Status.PENDING
    assert (stock_of(pepsi), stock_of(cola)) == ((10, 0), (5, 2))


def test_an_order_nobody_answers_is_rejected_by_the_system(order, pepsi):
    Order.objects.filter(pk=order.pk).update(answer_due_at=F("answer_due_at") - timedelta(hours=49))

    assert services.reject_unanswered_orders() == 1
    assert services.reject_unanswered_orders() == 0

    order.refresh_from_db()
    assert order.status == Status.REJECTED
    assert str(Entry.objects.filter(object_code=order.code).first()) == f"System rejected Order {order.code}"
    assert stock_of(pepsi) == (10, 0)


def test_a_suspended_vendors_pending_orders_are_rejected_and_accepted_ones_stay(
    admin, vendor, vendor_user, retailer, pepsi
):
    pending, accepted = place_order(retailer, (pepsi, 1)), place_order(retailer, (pepsi, 2))
    services.accept_order(accepted, by=vendor_user)

    vendors.suspend_vendor(vendor, reason="licence withdrawn", by=admin)

    assert Order.objects.get(pk=pending.pk).status == Status.REJECTED
    assert Order.objects.get(pk=accepted.pk).status == Status.PROCESSING
    assert stock_of(pepsi) == (10, 2)


def test_shipping_takes_the_stock_and_a_return_brings_it_back(order, vendor_user, pepsi):
    services.accept_order(order, by=vendor_user)
    services.mark_ready(order, by=vendor_user)
    assert stock_of(pepsi) == (10, 4)

    services.ship_order(order, by=vendor_user)
    assert stock_of(pepsi) == (6, 0)

    services.return_order(order, by=vendor_user)
    assert stock_of(pepsi) == (10, 0)


def test_the_timeline_tells_who_did_what_when(retailer_api, vendor_api, vendor, retailer, order):
    vendor_api.post(f"/api/orders/{order.code}/accept")

    timeline = retailer_api.get(f"/api/orders/{order.code}").json()["timeline"]

    assert [(step["status"], step["by"]) for step in timeline] == [
        ("pending", f"Retailer {retailer.code}"),
        ("processing", f"Vendor {vendor.code}"),
    ]
    assert all(step["at"] for step in timeline)


def test_the_database_itself_refuses_a_move_outside_the_table(order):
    with pytest.raises(Exception, match="may not move from pending to completed"):
        Order.objects.filter(pk=order.pk).update(status=Status.COMPLETED)


def test_nobody_is_told_twice(vendor_api, order):
    vendor_api.post(f"/api/orders/{order.code}/accept")
    vendor_api.post(f"/api/orders/{order.code}/accept")

    assert User.objects.filter(code=order.buyer["id"]).count() == 1
    assert Entry.objects.filter(object_code=order.code, verb="accepted").count() == 1
