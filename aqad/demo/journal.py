"""The audit entries of the demo's past: what the services would have recorded, each at its time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from aqad.demo.plans import UNPAID, Fate
from aqad.demo.sales import NOBODY, Sale
from audit.models import Entry
from audit.services import label
from payments.models import Payment, Refund

# Step → verb and statuses of the order, then of the delivery; empty where it does nothing to it.
ORDER_STEPS = {
    "accepted": ("accepted", "pending", "processing"),
    "ready": ("made ready", "processing", "ready"),
    "picked_up": ("shipped", "ready", "shipped"),
    "delivered": ("completed", "shipped", "completed"),
    "returned": ("returned", "shipped", "returned"),
    "rejected": ("rejected", "pending", "rejected"),
    "failed_payment": ("failed", "pending_payment", "failed"),
}
DELIVERY_STEPS = {
    "picked_up": ("picked up", "assigned", "picked_up"),
    "out": ("took out", "picked_up", "out_for_delivery"),
    "failed": ("failed to deliver", "out_for_delivery", "failed"),
    "out_again": ("took out", "failed", "out_for_delivery"),
    "delivered": ("delivered", "out_for_delivery", "delivered"),
    "returned": ("returned", "failed", "returned"),
}
MOMENT = timedelta(milliseconds=40)  # between the entries of one act


class Journal:
    """Collects entries and writes them in the order of time."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self) -> None:
        Entry.objects.bulk_create(sorted(self.entries, key=lambda entry: entry.at))

    def note(
        self,
        at: datetime,
        by: User | None,
        verb: str,
        what: tuple[str, str],
        *,
        was: str = "",
        now: str = "",
        reason: str = "",
        **data: Any,
    ) -> None:
        """`what` is the kind and the code of a thing; `was` and `now` are its status before and after."""
        kind, code = what
        self.entries.append(
            Entry(
                at=at,
                actor=by,
                actor_label=label(by),
                verb=verb,
                object_kind=kind,
                object_code=code,
                from_status=was,
                to_status=now,
                reason=reason,
                data=data,
            )
        )

    def tell(self, sale: Sale) -> None:
        """The life of an order and of its delivery."""
        what, deal = ("Order", sale.order.code), sale.deal
        self.note(deal.at, sale.buyer, "created", what, now="pending_payment" if deal.by_card else "pending")
        if sale.paid:
            self.note(deal.paid_at + MOMENT, None, "paid", what, was="pending_payment", now="pending")
        for name, at in sale.plan.moments.items():
            by = self._actor(sale, name)
            if name in DELIVERY_STEPS and sale.delivery:
                verb, was, now = DELIVERY_STEPS[name]
                reason = NOBODY if name == "failed" else ""
                self.note(at, by, verb, ("Delivery", sale.delivery.code), was=was, now=now, reason=reason)
            if name in ORDER_STEPS:
                verb, was, now = ORDER_STEPS[name]
                self.note(at + MOMENT, by, verb, what, was=was, now=now, reason=sale.order.reason)
        self._tell_cancelling(sale)
        self._tell_delivery(sale)

    def _tell_cancelling(self, sale: Sale) -> None:
        at = sale.plan.moments.get("cancelled")
        if at is None:
            return
        was = {Fate.ABANDONED: "pending_payment", Fate.CANCELLED_BY_SELLER: "ready"}.get(
            sale.plan.fate, "pending"
        )
        by, reason = sale.ended_by(), sale.order.reason
        self.note(at, by, "cancelled", ("Order", sale.order.code), was=was, now="cancelled", reason=reason)
        if sale.delivery:
            what = ("Delivery", sale.delivery.code)
            self.note(at + MOMENT, by, "cancelled", what, was="assigned", now="cancelled", reason=reason)

    def _tell_delivery(self, sale: Sale) -> None:
        if sale.delivery:
            partner = sale.delivery.partner.code if sale.delivery.partner else None
            status = "assigned" if partner else "unassigned"
            at = sale.plan.moments["ready"] + 2 * MOMENT
            self.note(at, None, "created", ("Delivery", sale.delivery.code), now=status, partner=partner)

    def _actor(self, sale: Sale, step: str) -> User | None:
        if step in DELIVERY_STEPS:
            return sale.driver
        if step in ("accepted", "ready"):
            return sale.seller
        return sale.ended_by()

    def tell_payment(self, payment: Payment, sales: Sequence[Sale]) -> None:
        """How the money of a checkout came, or did not; and what that made of the checkout."""
        what, checkout = ("Payment", payment.code), ("Checkout", payment.checkout.code)
        deal, fate = sales[0].deal, sales[0].plan.fate
        if fate in UNPAID:
            at = sales[0].ended_at() or deal.at
            by, verb = sales[0].ended_by(), "failed" if fate == Fate.DECLINED else payment.status
            ended = payment.checkout.status
            self.note(at, by, verb, what, was="pending", now=payment.status, reason=payment.failure_reason)
            self.note(
                at, by, ended, checkout, was="pending_payment", now=ended, reason=payment.failure_reason
            )
        elif deal.by_card:
            self.note(deal.paid_at, None, "paid", what, was="pending", now="paid")
            self.note(deal.paid_at + MOMENT, None, "placed", checkout, was="pending_payment", now="placed")
        elif payment.paid_at:
            last = max(sales, key=lambda sale: max(sale.plan.moments.values()))
            by = last.driver or last.ended_by()
            self.note(payment.paid_at + 2 * MOMENT, by, "collected", what, was="pending", now="paid")
        elif payment.status == Payment.Status.CANCELLED:
            at = max(sale.ended_at() or deal.at for sale in sales)
            self.note(
                at + 2 * MOMENT, sales[-1].ended_by(), "cancelled", what, was="pending", now="cancelled"
            )

    def tell_refund(self, refund: Refund, sale: Sale) -> None:
        at, by, what = refund.created_at, refund.requested_by, ("Refund", refund.code)
        self.note(at, by, "requested", what, reason=refund.reason, amount=str(refund.amount))
        done = at + timedelta(seconds=20)
        self.note(done, None, "succeeded", what, was="pending", now="succeeded")
        status = refund.payment.status
        self.note(
            done + MOMENT, None, "refunded", ("Payment", f"PAY{refund.payment_id}"), was="paid", now=status
        )
