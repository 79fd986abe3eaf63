"""Without the broker every wake-up is lost; the rows stay and the sweepers finish the work."""

import pytest
from django.core import mail as mailbox
from rest_framework.test import APIClient

from notifications import tasks as notifications
from notifications.models import Mail, Notification, OutboxEvent
from orders.models import Checkout, Order
from payments.models import Payment, Refund, WebhookEvent
from payments.tests import buyer
from payments.tests.sandbox_process import Sandbox
from retailers.models import Retailer
from tests.factories import ADDRESS, api_client, user_of
from tests.goods import list_product, stock_of
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_broker")]


def test_orders_and_payments_are_accepted_and_finished_later(
    vendor: Vendor, retailer: Retailer, sandbox: Sandbox
) -> None:
    product = list_product(vendor, quantity=10)
    retailer_api, vendor_api = (api_client(user_of(one.code)) for one in (retailer, vendor))
    _order_by_card(retailer_api, product.code)
    payment = buyer.pay(sandbox, Payment.objects.get())
    (answer,) = buyer.deliver_webhooks(sandbox, payment)
    assert answer.status_code == 200
    assert WebhookEvent.objects.get().status == "pending"
    assert (Checkout.objects.get().status, len(mailbox.outbox)) == ("pending_payment", 0)

    buyer.process_webhooks()
    order = Order.objects.get()
    assert (order.status, stock_of(product)) == ("pending", (10, 4))
    rejected = vendor_api.post(f"/api/orders/{order.code}/reject", {"reason": "Out of season"})
    assert rejected.status_code == 200
    assert Refund.objects.get().status == "pending"

    buyer.carry_out_refunds()
    payment.refresh_from_db()
    assert (payment.status, stock_of(product)) == ("refunded", (10, 0))

    notifications.sweep_outbox()
    notifications.sweep_mails()
    assert not OutboxEvent.objects.exclude(status="sent").exists()
    assert not Mail.objects.exclude(status="sent").exists()
    assert len(mailbox.outbox) == Mail.objects.count()
    told = set(Notification.objects.filter(user__code=retailer.code).values_list("kind", flat=True))
    assert told >= {"order_created", "payment_received", "order_rejected", "refund_succeeded"}


def _order_by_card(api: APIClient, product: str) -> None:
    body = {"items": [{"product": product, "quantity": 4}], "address": ADDRESS, "payment_method": "card"}
    assert api.post("/api/orders", body).status_code == 201
