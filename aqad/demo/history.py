"""The past of the demo: three months of orders, written as the rows that the services would have left.

The services say "now", so this one module writes rows directly. It is bound by the same triggers, and by the
invariants of `manage.py reconcile`. Nothing is sent for what is past: no mail, no wake-up, no call.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from aqad.demo import shelf
from aqad.demo.journal import Journal
from aqad.demo.plans import UNPAID, CheckoutPlan, Fate, OrderPlan
from aqad.demo.sales import DELIVERED_AS, NOBODY, OPEN, REASONS, STATUSES, Sale, World
from aqad.lib.money import ZERO, to_fils
from audit.services import label
from catalog.models import StockMovement
from delivery.models import Delivery, DeliveryEvent
from delivery.services.assignment import WITHIN
from delivery.services.steps import LAST_LEG
from orders.models import Checkout, Order, OrderLine
from orders.pricing import price_lines
from orders.services.placing import answer_due
from payments.models import Payment, Refund, RefundAllocation

Status = Order.Status
STEP_STATUSES = {
    "picked_up": Delivery.Status.PICKED_UP, "out": Delivery.Status.OUT_FOR_DELIVERY,
    "failed": Delivery.Status.FAILED, "out_again": Delivery.Status.OUT_FOR_DELIVERY,
    "delivered": Delivery.Status.DELIVERED, "returned": Delivery.Status.RETURNED,
}  # fmt: skip
# Roughly where each emirate's shops are, in degrees; a driver's report lies within a few kilometres.
PLACES = {
    "DXB": ("25.197", "55.274"), "AUH": ("24.466", "54.366"), "SHJ": ("25.337", "55.412"),
    "AJM": ("25.405", "55.445"), "RAK": ("25.789", "55.943"), "FUJ": ("25.128", "56.336"),
    "UAQ": ("25.565", "55.553"),
}  # fmt: skip


class History:
    """Writes plans as rows, table by table; `write` does it all."""

    def __init__(self, world: World, now: datetime) -> None:
        self.world, self.now = world, now
        self.dice = random.Random(2002)  # noqa: S311 - not for secrets
        self.journal = Journal()
        self.sales: list[Sale] = []

    def write(
        self, plans: Sequence[CheckoutPlan], *, filled: Mapping[int, tuple[int, int]], opened: datetime
    ) -> None:
        """`filled` says for each product how much is available now and how much is usual when it is full."""
        self._orders(plans)
        self._deliveries()
        self._payments()
        self._stock(filled, opened)
        for sale in self.sales:
            self.journal.tell(sale)
        self.journal.write()

    def _orders(self, plans: Sequence[CheckoutPlan]) -> None:
        checkouts = [self._checkout(deal) for deal in plans]
        for deal, checkout in zip(plans, checkouts, strict=True):
            for each in deal.orders:
                self._order(deal, each, checkout)
            checkout.total = sum((sale.order.total for sale in self.sales if sale.deal is deal), ZERO)
        Checkout.objects.bulk_create(checkouts)
        for sale in self.sales:
            sale.order.checkout = sale.order.checkout  # takes the new key over
        Order.objects.bulk_create([sale.order for sale in self.sales])
        for sale in self.sales:
            for line in sale.lines:
                line.order = sale.order
        OrderLine.objects.bulk_create([line for sale in self.sales for line in sale.lines])

    def _checkout(self, deal: CheckoutPlan) -> Checkout:
        status = Checkout.Status.PLACED
        if deal.orders[0].fate in UNPAID:
            abandoned = deal.orders[0].fate == Fate.ABANDONED
            status = Checkout.Status.CANCELLED if abandoned else Checkout.Status.FAILED
        buyer = self.world.buyers[deal.buyer]
        return Checkout(
            retailer=buyer,
            placed_by=self.world.people[buyer.code],
            status=status,
            payment_method="card" if deal.by_card else "cash_on_delivery",
            created_at=deal.at,
        )

    def _order(self, deal: CheckoutPlan, plan: OrderPlan, checkout: Checkout) -> None:
        priced = price_lines([(self.world.products[pk], quantity) for pk, quantity in plan.items])
        subtotal = sum((line.subtotal for line in priced), ZERO)
        vat = sum((line.vat for line in priced), ZERO)
        vendor, buyer = priced[0].product.vendor, checkout.retailer
        placed_at = None if plan.fate in UNPAID else deal.paid_at if deal.by_card else deal.at
        order = Order(
            checkout=checkout,
            retailer=buyer,
            vendor=vendor,
            status=STATUSES[plan.fate],
            payment_method=checkout.payment_method,
            subtotal=subtotal,
            vat=vat,
            total=subtotal + vat,
            address=self.world.addresses[buyer.pk],
            buyer=_party(buyer),
            seller=_party(vendor),
            reason=REASONS.get(plan.fate, ""),
            placed_at=placed_at,
            answer_due_at=answer_due(placed_at) if placed_at and plan.fate == Fate.PENDING else None,
            created_at=deal.at,
        )
        sale = Sale(plan, deal, order, self.world.people[buyer.code], self.world.people[vendor.code])
        sale.lines = [_line(line, _reservation(plan.fate)) for line in priced]
        self.sales.append(sale)

    def _deliveries(self) -> None:
        moved = [sale for sale in self.sales if "ready" in sale.plan.moments]
        for sale in moved:
            sale.delivery = self._delivery(sale)
        Delivery.objects.bulk_create([sale.delivery for sale in moved if sale.delivery])
        events = sorted((event for sale in moved for event in self._events(sale)), key=lambda event: event.at)
        DeliveryEvent.objects.bulk_create(events)

    def _delivery(self, sale: Sale) -> Delivery:
        plan, order = sale.plan, sale.order
        partner = None if plan.partner is None else self.world.partners[plan.partner]
        drivers = self.world.drivers[partner.pk] if partner else []
        is_open = order.status in OPEN
        driver = drivers[0 if is_open else order.pk % len(drivers)] if drivers else None
        out = plan.moments.get("out_again", plan.moments.get("out"))
        ready = plan.moments["ready"]
        return Delivery(
            order=order,
            partner=partner,
            driver=driver if "picked_up" in plan.moments else None,
            status=DELIVERED_AS[plan.fate] if partner else Delivery.Status.UNASSIGNED,
            emirate=order.address["emirate"],
            pin=f"{self.dice.randrange(10_000):04d}",
            amount_to_collect=ZERO if sale.deal.by_card else order.total,
            eta=(out + LAST_LEG if out else ready + WITHIN) if partner else None,
            created_at=ready,
        )

    def _events(self, sale: Sale) -> list[DeliveryEvent]:
        latitude, longitude = PLACES[sale.order.address["emirate"]]
        return [
            DeliveryEvent(
                delivery=sale.delivery,
                status=STEP_STATUSES[name],
                note=NOBODY if name == "failed" else "",
                latitude=Decimal(latitude) + Decimal(self.dice.randrange(-300, 300)) / 10_000,
                longitude=Decimal(longitude) + Decimal(self.dice.randrange(-300, 300)) / 10_000,
                occurred_at=at,
                at=at,
            )
            for name, at in sale.plan.moments.items()
            if name in STEP_STATUSES
        ]

    def _payments(self) -> None:
        by_checkout: dict[int, list[Sale]] = defaultdict(list)
        for sale in self.sales:
            by_checkout[sale.order.checkout_id].append(sale)
        payments = [self._payment(sales) for sales in by_checkout.values()]
        refunds = [
            self._refund(payment, sale)
            for payment, sales in zip(payments, by_checkout.values(), strict=True)
            for sale in sales
            if sale.paid and (sale.ended_at() or self._is_claimed(sale))
        ]
        for refund, _sale in refunds:
            refund.payment.amount_refunded += refund.amount
            whole = refund.payment.amount_refunded == refund.payment.amount_paid
            refund.payment.status = Payment.Status.REFUNDED if whole else Payment.Status.PARTIALLY_REFUNDED
        Payment.objects.bulk_create(payments)
        for refund, _sale in refunds:
            refund.payment = refund.payment  # takes the new key over
        refunds.sort(key=lambda pair: pair[0].created_at)
        Refund.objects.bulk_create([refund for refund, _sale in refunds])
        RefundAllocation.objects.bulk_create(
            [
                RefundAllocation(refund=refund, order=sale.order, amount=refund.amount)
                for refund, sale in refunds
            ]
        )
        for payment, sales in zip(payments, by_checkout.values(), strict=True):
            self.journal.tell_payment(payment, sales)
        for refund, sale in refunds:
            self.journal.tell_refund(refund, sale)

    def _payment(self, sales: Sequence[Sale]) -> Payment:
        deal, checkout = sales[0].deal, sales[0].order.checkout
        payment = Payment(
            checkout=checkout, method=checkout.payment_method, amount=checkout.total, created_at=deal.at
        )
        if not deal.by_card:
            return self._cash(payment, sales)
        payment.gateway, payment.gateway_session = "sandbox", f"past{self.dice.getrandbits(80):020x}"
        fate = sales[0].plan.fate
        if fate in UNPAID:
            payment.status = {
                Fate.DECLINED: Payment.Status.FAILED,
                Fate.EXPIRED: Payment.Status.EXPIRED,
                Fate.ABANDONED: Payment.Status.CANCELLED,
            }[fate]
            payment.failure_reason = REASONS[fate]
        else:
            payment.status, payment.amount_paid = Payment.Status.PAID, payment.amount
            payment.paid_at = deal.paid_at
        return payment

    def _cash(self, payment: Payment, sales: Sequence[Sale]) -> Payment:
        done = [sale for sale in sales if sale.order.status == Status.COMPLETED]
        payment.amount_paid = sum((sale.order.total for sale in done), ZERO)
        if any(sale.order.status in OPEN for sale in sales):
            return payment
        payment.status = Payment.Status.PAID if done else Payment.Status.CANCELLED
        if done:
            payment.paid_at = max(max(sale.plan.moments.values()) for sale in sales)
        return payment

    def _is_claimed(self, sale: Sale) -> bool:
        """Every fortieth delivered order had something broken in it."""
        return sale.order.status == Status.COMPLETED and sale.order.pk % 40 == 0

    def _refund(self, payment: Payment, sale: Sale) -> tuple[Refund, Sale]:
        ended = sale.ended_at()
        at = (ended or sale.plan.moments["delivered"]) + timedelta(minutes=4)
        refund = Refund(
            payment=payment,
            amount=sale.order.total if ended else to_fils(sale.order.total / 10),
            reason=(REASONS.get(sale.plan.fate) or "Order returned.")
            if ended
            else "Some bottles were broken.",
            status=Refund.Status.SUCCEEDED,
            gateway_reference=f"past{self.dice.getrandbits(80):020x}",
            attempts=1,
            due_at=None,
            requested_by=None if ended else self.world.admin,
            created_at=at,
        )
        return refund, sale

    def _stock(self, filled: Mapping[int, tuple[int, int]], opened: datetime) -> None:
        movements = [movement for sale in self.sales for movement in _movements(sale)]
        changes: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for move in movements:
            if change := move.on_hand_change - move.reserved_change:
                changes[move.stock_id].append((move.at, change))
        for pk, (available, usual) in filled.items():
            owner = self.world.people[self.world.products[pk].vendor.code]
            came = shelf.receipts(changes[pk], available=available, usual=usual, opened=opened, now=self.now)
            movements += [
                _movement(pk, owner, receipt.at, receipt.kind, on_hand=receipt.change) for receipt in came
            ]
        StockMovement.objects.bulk_create(sorted(movements, key=lambda movement: movement.at))


def _party(company: Any) -> dict[str, str]:
    return {
        "id": company.code,
        "company_name": company.company_name,
        "trn": company.trn,
        "email": company.email,
        "phone": company.phone,
        "address": getattr(company, "address", ""),
    }


def _line(priced: Any, reservation: OrderLine.Reservation) -> OrderLine:
    product = priced.product
    copied = ("name", "name_ar", "sku", "barcode", "unit_code", "pack_size", "vat_category", "vat_rate")
    return OrderLine(
        product=product,
        quantity=priced.quantity,
        unit_price=priced.unit_price,
        subtotal=priced.subtotal,
        vat=priced.vat,
        total=priced.total,
        reservation=reservation,
        **{name: getattr(product, name) for name in copied},
    )


def _reservation(fate: Fate) -> OrderLine.Reservation:
    status = STATUSES[fate]
    if status in (Status.PENDING, Status.PROCESSING, Status.READY):
        return OrderLine.Reservation.ACTIVE
    if status in (Status.SHIPPED, Status.COMPLETED, Status.RETURNED):
        return OrderLine.Reservation.CONSUMED
    return OrderLine.Reservation.EXPIRED if fate == Fate.EXPIRED else OrderLine.Reservation.RELEASED


def _movements(sale: Sale) -> list[StockMovement]:
    """What an order did to the stock of its lines."""
    moved: list[StockMovement] = []
    ended, shipped = sale.ended_at(), sale.plan.moments.get("picked_up")
    for line in sale.lines:
        pk, count, code = line.product_id, line.quantity, sale.order.code
        moved.append(_movement(pk, sale.buyer, sale.deal.at, "reserved", reserved=count, order=code))
        if shipped:
            out = {"on_hand": -count, "reserved": -count}
            moved.append(_movement(pk, sale.driver, shipped, "shipped", order=code, **out))
        if ended and shipped:
            moved.append(_movement(pk, sale.driver, ended, "returned", on_hand=count, order=code))
        elif ended:
            moved.append(_movement(pk, sale.ended_by(), ended, "released", reserved=-count, order=code))
    return moved


def _movement(
    pk: int, by: User | None, at: datetime, kind: str, *, on_hand: int = 0, reserved: int = 0, order: str = ""
) -> StockMovement:
    return StockMovement(
        stock_id=pk,
        kind=kind,
        on_hand_change=on_hand,
        reserved_change=reserved,
        order=order,
        actor=by,
        actor_label=label(by),
        at=at,
    )
