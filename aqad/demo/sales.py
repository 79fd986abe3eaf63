"""An order of the demo's past with what belongs to it, and who and what there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from aqad.demo.plans import UNPAID, CheckoutPlan, Fate, OrderPlan
from catalog.models import Product
from delivery.models import Delivery, DeliveryPartner, Driver
from orders.models import Order, OrderLine
from retailers.models import Retailer

Status = Order.Status
STATUSES: Mapping[Fate, Order.Status] = {
    Fate.COMPLETED: Status.COMPLETED, Fate.SECOND_TRY: Status.COMPLETED, Fate.RETURNED: Status.RETURNED,
    Fate.REJECTED: Status.REJECTED, Fate.UNANSWERED: Status.REJECTED,
    Fate.CANCELLED_BY_BUYER: Status.CANCELLED, Fate.CANCELLED_BY_SELLER: Status.CANCELLED,
    Fate.DECLINED: Status.FAILED, Fate.EXPIRED: Status.FAILED, Fate.ABANDONED: Status.CANCELLED,
    Fate.PENDING: Status.PENDING, Fate.PROCESSING: Status.PROCESSING, Fate.READY: Status.READY,
    Fate.PICKED_UP: Status.SHIPPED, Fate.ON_THE_ROAD: Status.SHIPPED, Fate.NOBODY_THERE: Status.SHIPPED,
}  # fmt: skip
REASONS: Mapping[Fate, str] = {
    Fate.REJECTED: "Two of the articles are out of stock at the depot.",
    Fate.UNANSWERED: "The vendor did not answer in time.",
    Fate.CANCELLED_BY_BUYER: "Ordered twice by mistake.",
    Fate.CANCELLED_BY_SELLER: "The pallet was damaged in the warehouse.",
    Fate.DECLINED: "insufficient_funds",
    Fate.EXPIRED: "The time to pay ran out.",
    Fate.ABANDONED: "The order was cancelled.",
}
DELIVERED_AS: Mapping[Fate, Delivery.Status] = {
    Fate.COMPLETED: Delivery.Status.DELIVERED, Fate.SECOND_TRY: Delivery.Status.DELIVERED,
    Fate.RETURNED: Delivery.Status.RETURNED, Fate.CANCELLED_BY_SELLER: Delivery.Status.CANCELLED,
    Fate.READY: Delivery.Status.ASSIGNED, Fate.PICKED_UP: Delivery.Status.PICKED_UP,
    Fate.ON_THE_ROAD: Delivery.Status.OUT_FOR_DELIVERY, Fate.NOBODY_THERE: Delivery.Status.FAILED,
}  # fmt: skip
NOBODY = "The shop was closed"
OPEN = (Status.PENDING, Status.PROCESSING, Status.READY, Status.SHIPPED)


@dataclass
class World:
    """Who and what there is, read once."""

    products: Mapping[int, Product]
    buyers: Sequence[Retailer]
    addresses: Mapping[int, dict[str, Any]]
    people: Mapping[str, User]
    partners: Sequence[DeliveryPartner]
    drivers: Mapping[int, Sequence[Driver]]
    admin: User


@dataclass
class Sale:
    """An order with what belongs to it."""

    plan: OrderPlan
    deal: CheckoutPlan
    order: Order
    buyer: User
    seller: User
    lines: list[OrderLine] = field(default_factory=list)
    delivery: Delivery | None = None

    @property
    def paid(self) -> bool:
        return self.deal.by_card and self.plan.fate not in UNPAID

    def ended_at(self) -> datetime | None:
        """When the order ended without goods changing hands."""
        names = ("rejected", "cancelled", "failed_payment", "returned")
        return next((self.plan.moments[name] for name in names if name in self.plan.moments), None)

    def ended_by(self) -> User | None:
        match self.plan.fate:
            case Fate.REJECTED | Fate.CANCELLED_BY_SELLER:
                return self.seller
            case Fate.CANCELLED_BY_BUYER | Fate.ABANDONED:
                return self.buyer
            case Fate.RETURNED:
                return self.driver
            case _:
                return None

    @property
    def driver(self) -> User | None:
        return self.delivery.driver.user if self.delivery and self.delivery.driver else None
