"""A driver's day: what is to be carried, in an order that makes sense on the road."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from aqad.lib import uae
from aqad.lib.money import ZERO
from delivery import selectors
from delivery.models import Delivery, DeliveryEvent
from orders.models import OrderLine

Status = Delivery.Status
MAPS = "https://www.google.com/maps/search/?"
# What is in the van comes first, then what waits at a vendor's.
URGENCY = (Status.OUT_FOR_DELIVERY, Status.PICKED_UP, Status.FAILED, Status.ASSIGNED)


@dataclass(frozen=True)
class Place:
    """Where a driver goes: whom to ask for and how to get there."""

    name: str
    phone: str
    contact: str
    lines: tuple[str, ...]
    makani: str = ""

    @property
    def map_url(self) -> str:
        return MAPS + urlencode({"api": 1, "query": ", ".join(self.lines)})


@dataclass(frozen=True)
class Stop:
    """A delivery with both of its ends."""

    delivery: Delivery

    @property
    def pickup(self) -> Place:
        seller = self.delivery.order.seller
        lines = _lines(seller.get("address"), uae.emirate(seller.get("emirate", "")))
        return Place(seller.get("company_name", ""), seller.get("phone", ""), "", lines)

    @property
    def destination(self) -> Place:
        order, address = self.delivery.order, self.delivery.order.address
        lines = _lines(
            address.get("line1"),
            address.get("line2"),
            address.get("area"),
            uae.emirate(self.delivery.emirate),
        )
        return Place(
            order.buyer.get("company_name", ""),
            address.get("phone") or order.buyer.get("phone", ""),
            address.get("contact_name", ""),
            lines,
            address.get("makani", ""),
        )

    @property
    def next_place(self) -> Place:
        return self.pickup if self.delivery.status == Status.ASSIGNED else self.destination

    @property
    def quantity(self) -> int:
        """Cartons and other sales units in all."""
        return sum(line.quantity for line in self.delivery.order.lines.all())

    @property
    def last_event(self) -> DeliveryEvent | None:
        """What was reported last."""
        return max(self.delivery.events.all(), key=lambda event: event.pk, default=None)

    @property
    def area(self) -> tuple[str, str]:
        return uae.emirate(self.delivery.emirate), self.delivery.order.address.get("area", "")


@dataclass(frozen=True)
class Area:
    emirate: str
    name: str
    stops: list[Stop]


@dataclass(frozen=True)
class Round:
    """The open deliveries by area, the first stop, and the day so far."""

    areas: list[Area]
    delivered_today: int

    @property
    def stops(self) -> list[Stop]:
        return [stop for area in self.areas for stop in area.stops]

    @property
    def next_stop(self) -> Stop | None:
        return next(iter(self.stops), None)

    @property
    def to_collect(self) -> Decimal:
        return sum((stop.delivery.amount_to_collect for stop in self.stops), ZERO)


def round_of(user: Any) -> Round:
    """What this driver has to do: the own deliveries and those nobody of the partner has taken yet."""
    open_ones = _of_driver(user).filter(status__in=Delivery.OPEN)
    stops = sorted((Stop(delivery) for delivery in open_ones), key=_urgency)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    delivered = DeliveryEvent.objects.filter(
        delivery__driver__user=user, status=Status.DELIVERED, at__gte=today
    )
    return Round(_by_area(stops), delivered.count())


def history_of(user: Any) -> QuerySet[Delivery]:
    """What this driver is done with, newest first."""
    done = (Status.DELIVERED, Status.RETURNED)
    mine = selectors.deliveries_of(user).filter(driver__user=user, status__in=done)
    return mine.prefetch_related(_lines_of_orders())


def stop_of(user: Any, key: int | None) -> Stop | None:
    """One delivery of the driver's partner that the driver may see, open or done."""
    found = selectors.deliveries_of(user).prefetch_related(_lines_of_orders()).filter(pk=key or 0).first()
    return Stop(found) if found else None


def _of_driver(user: Any) -> QuerySet[Delivery]:
    free = Q(driver=None) | Q(driver__user=user) | Q(driver__is_active=False)
    return selectors.deliveries_of(user).filter(free).prefetch_related(_lines_of_orders())


def _lines_of_orders() -> Prefetch:
    return Prefetch("order__lines", OrderLine.objects.order_by("id"))


def _urgency(stop: Stop) -> tuple[int, datetime, int]:
    delivery = stop.delivery
    far = timezone.now() + timedelta(days=365)
    return URGENCY.index(Status(delivery.status)), delivery.eta or far, delivery.pk


def _by_area(stops: Iterable[Stop]) -> list[Area]:
    """Areas in the order of their most urgent stop; within one the most urgent stop first."""
    stops = list(stops)
    rank: dict[tuple[str, str], int] = {}
    for stop in stops:
        rank.setdefault(stop.area, len(rank))
    together = sorted(stops, key=lambda stop: rank[stop.area])
    areas = groupby(together, key=lambda stop: stop.area)
    return [Area(emirate, name, list(found)) for (emirate, name), found in areas]


def _lines(*parts: Any) -> tuple[str, ...]:
    return tuple(str(part) for part in parts if part)
