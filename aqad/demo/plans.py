"""Three months of trade as a plan: who ordered what, when, and how it went. Nothing here is written yet.

The same for every start except for the dates, which are relative to it: a fixed seed decides.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

DAYS = 92
HERE = ZoneInfo("Asia/Dubai")
# Orders a day by weekday, Monday first: stores stock up early in the week; Friday is half a day.
WEEKDAYS = (1.3, 1.25, 1.1, 1.05, 0.6, 0.35, 0.95)
HOURS = (8, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 15, 16, 16, 17, 18, 20)
PER_DAY = 1.7  # checkouts at the start; GROWTH times as many at the end
GROWTH = 2.3
BUSY = timedelta(hours=44)  # before now: most orders since then are still under way
QUICK = 0.12  # of those, how many are over
LATEST = timedelta(minutes=20)  # before now, everything of the past is over


class Fate(StrEnum):
    """How an order went in the end, or where it stands now."""

    COMPLETED = auto()
    SECOND_TRY = auto()  # nobody was there at first
    RETURNED = auto()
    REJECTED = auto()
    UNANSWERED = auto()
    CANCELLED_BY_BUYER = auto()
    CANCELLED_BY_SELLER = auto()
    DECLINED = auto()
    EXPIRED = auto()
    ABANDONED = auto()
    PENDING = auto()
    PROCESSING = auto()
    READY = auto()
    PICKED_UP = auto()
    ON_THE_ROAD = auto()
    NOBODY_THERE = auto()


UNPAID = (Fate.DECLINED, Fate.EXPIRED, Fate.ABANDONED)
OPEN = (Fate.PENDING, Fate.PROCESSING, Fate.READY, Fate.PICKED_UP, Fate.ON_THE_ROAD, Fate.NOBODY_THERE)
FATES: Mapping[Fate, int] = {
    Fate.COMPLETED: 168, Fate.SECOND_TRY: 9, Fate.RETURNED: 5, Fate.REJECTED: 5, Fate.UNANSWERED: 2,
    Fate.CANCELLED_BY_BUYER: 6, Fate.CANCELLED_BY_SELLER: 4,
}  # fmt: skip
# Steps in order, each with the hours it takes after the one before, at least and at most.
USUAL = (
    ("accepted", 0.2, 5.0), ("ready", 1.5, 16.0), ("picked_up", 1.0, 12.0), ("out", 0.2, 1.2),
    ("delivered", 0.5, 3.5),
)  # fmt: skip
STEPS: Mapping[Fate, Sequence[tuple[str, float, float]]] = {
    Fate.COMPLETED: USUAL,
    Fate.SECOND_TRY: (*USUAL[:4], ("failed", 1.0, 3.0), ("out_again", 12.0, 20.0), ("delivered", 0.5, 3.0)),
    Fate.RETURNED: (*USUAL[:4], ("failed", 1.0, 3.0), ("returned", 14.0, 26.0)),
    Fate.REJECTED: (("rejected", 0.3, 9.0),),
    Fate.UNANSWERED: (("rejected", 48.0, 48.1),),
    Fate.CANCELLED_BY_BUYER: (("cancelled", 0.1, 2.0),),
    Fate.CANCELLED_BY_SELLER: (*USUAL[:2], ("cancelled", 1.0, 9.0)),
    Fate.DECLINED: (("failed_payment", 0.03, 0.15),),
    Fate.EXPIRED: (("failed_payment", 0.5, 0.52),),
    Fate.ABANDONED: (("cancelled", 0.05, 0.3),),
    Fate.PENDING: (),
    Fate.PROCESSING: USUAL[:1],
    Fate.READY: USUAL[:2],
    Fate.PICKED_UP: USUAL[:3],
    Fate.ON_THE_ROAD: USUAL[:4],
    Fate.NOBODY_THERE: (*USUAL[:4], ("failed", 1.0, 3.0)),
}


@dataclass(frozen=True)
class OrderPlan:
    """`items` are (product id, quantity); `moments` say when which step was made; `partner` counts from 0."""

    vendor: int
    items: tuple[tuple[int, int], ...]
    fate: Fate
    moments: Mapping[str, datetime]
    partner: int | None = None


@dataclass(frozen=True)
class CheckoutPlan:
    """`buyer` counts from 0 in the demo's list of buyers."""

    buyer: int
    by_card: bool
    at: datetime
    paid_at: datetime
    orders: list[OrderPlan] = field(default_factory=list)


@dataclass(frozen=True)
class Article:
    """What the plan needs to know of a product; `weight` is how much it is bought, compared with others."""

    pk: int
    vendor: int
    minimum: int
    multiple: int
    price: float
    weight: float


@dataclass(frozen=True)
class UnderWay:
    """An order that is not over: placed `hours` ago, its last step `quiet` hours ago."""

    buyer: int
    vendor: int
    hours: float
    quiet: float
    fate: Fate
    by_card: bool
    partner: int | None = None


# Fujairah's waits for a partner; two on the road are late. FastTrack (0) has the least to do of those that
# serve Dubai, so that the next order there is its.
UNDER_WAY = (
    UnderWay(9, 1002, 43, 30, Fate.READY, by_card=False),
    UnderWay(3, 1001, 40, 9, Fate.ON_THE_ROAD, by_card=True, partner=1),
    UnderWay(5, 1001, 38, 6, Fate.ON_THE_ROAD, by_card=False, partner=1),
    UnderWay(8, 1004, 36, 5, Fate.NOBODY_THERE, by_card=False, partner=2),
    UnderWay(0, 1002, 33, 2, Fate.NOBODY_THERE, by_card=True, partner=0),
    UnderWay(0, 1001, 29, 1, Fate.ON_THE_ROAD, by_card=True, partner=0),
    UnderWay(2, 1009, 27, 1.5, Fate.ON_THE_ROAD, by_card=False, partner=1),
    UnderWay(1, 1001, 26, 1, Fate.PICKED_UP, by_card=False, partner=1),
    UnderWay(6, 1006, 25, 2, Fate.PICKED_UP, by_card=False, partner=2),
    UnderWay(4, 1006, 24, 0.7, Fate.PICKED_UP, by_card=True, partner=0),
    UnderWay(7, 1010, 23.5, 0.6, Fate.ON_THE_ROAD, by_card=False, partner=2),
    UnderWay(2, 1001, 21, 3, Fate.READY, by_card=False, partner=1),
    UnderWay(5, 1005, 20, 4, Fate.READY, by_card=True, partner=1),
    UnderWay(6, 1002, 19, 3, Fate.READY, by_card=False, partner=2),
    UnderWay(0, 1008, 18, 2, Fate.READY, by_card=False, partner=0),
    UnderWay(3, 1001, 17, 5, Fate.READY, by_card=True, partner=1),
    UnderWay(4, 1007, 15, 6, Fate.PROCESSING, by_card=False),
    UnderWay(0, 1001, 13, 5, Fate.PROCESSING, by_card=True),
    UnderWay(1, 1002, 11, 4, Fate.PROCESSING, by_card=False),
    UnderWay(7, 1001, 9, 2, Fate.PROCESSING, by_card=False),
    UnderWay(3, 1004, 8, 1, Fate.PROCESSING, by_card=False),
    UnderWay(8, 1001, 26.5, 26.5, Fate.PENDING, by_card=False),
    UnderWay(2, 1001, 6, 6, Fate.PENDING, by_card=False),
    UnderWay(0, 1004, 5, 5, Fate.PENDING, by_card=False),
    UnderWay(5, 1002, 4, 4, Fate.PENDING, by_card=False),
    UnderWay(6, 1001, 2.5, 2.5, Fate.PENDING, by_card=True),
    UnderWay(4, 1001, 1.2, 1.2, Fate.PENDING, by_card=False),
)
BUYER_WEIGHTS = (26, 12, 13, 15, 9, 9, 7, 6, 5, 3)
# Which partner serves a buyer, most often first.
PARTNERS = ((0, 1), (1, 1), (0, 1), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 2), (2, 2))


def plan(now: datetime, articles: Sequence[Article], *, kept_free: int) -> list[CheckoutPlan]:
    """The checkouts of the last DAYS, oldest first; no open order holds any of the product `kept_free`."""
    dice = random.Random(1001)  # noqa: S311 - not for secrets
    past = [_past(dice, at, now, articles) for at in _times(dice, now)]
    free = [article for article in articles if article.pk != kept_free]
    under_way = [_under_way(dice, row, now, free) for row in UNDER_WAY]
    return sorted([*past, *under_way], key=lambda each: each.at)


def _times(dice: random.Random, now: datetime) -> Iterator[datetime]:
    """When somebody ordered: more often as time goes on, by day of the week and hour of the day."""
    midnight = now.astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(DAYS, -1, -1):
        date = midnight - timedelta(days=day)
        share = 1 - day / DAYS
        wanted = PER_DAY * (1 + (GROWTH - 1) * share) * WEEKDAYS[date.weekday()] * dice.uniform(0.8, 1.2)
        for _each in range(int(wanted) + (dice.random() < wanted % 1)):
            at = date + timedelta(hours=dice.choice(HOURS), seconds=dice.randrange(3600))
            if at < now - BUSY or (at < now - timedelta(hours=3) and dice.random() < QUICK):
                yield at


def _past(dice: random.Random, at: datetime, now: datetime, articles: Sequence[Article]) -> CheckoutPlan:
    [buyer] = dice.choices(range(len(BUYER_WEIGHTS)), BUYER_WEIGHTS)
    age = now - at
    unpaid = dice.choices([None, *UNPAID], (93, 3, 2, 1.5))[0] if age > timedelta(hours=6) else None
    checkout = CheckoutPlan(
        buyer, unpaid is not None or dice.random() < 0.62, at, at + timedelta(seconds=dice.randrange(90, 800))
    )
    vendors = sorted({article.vendor for article in articles})
    weights = [3.4 if vendor == 1001 else 1.4 if vendor == 1002 else 1.0 for vendor in vendors]
    size = _size(buyer) * (1.15 - 0.45 * age / timedelta(days=DAYS))  # baskets grow as well
    chosen = set(dice.choices(vendors, weights, k=dice.choice((1, 1, 2, 2, 2, 3))))
    for vendor in sorted(chosen):
        fate = unpaid or dice.choices(list(FATES), list(FATES.values()))[0]
        if fate == Fate.UNANSWERED and age < timedelta(hours=50):
            fate = Fate.COMPLETED
        partner = dice.choice(PARTNERS[buyer])
        items = _items(dice, [article for article in articles if article.vendor == vendor], size)
        start = at if fate in UNPAID else checkout.paid_at
        moments = _moments(dice, fate, start)
        if max(moments.values()) > now - LATEST:
            moments = _stretch(moments, start, now - LATEST)
        checkout.orders.append(OrderPlan(vendor, items, fate, moments, partner))
    return checkout


def _under_way(
    dice: random.Random, row: UnderWay, now: datetime, articles: Sequence[Article]
) -> CheckoutPlan:
    at = now - timedelta(hours=row.hours)
    checkout = CheckoutPlan(row.buyer, row.by_card, at, at + timedelta(minutes=4))
    own = [article for article in articles if article.vendor == row.vendor]
    items = _items(dice, own, 0.5 * _size(row.buyer))
    last = now - timedelta(hours=row.quiet)
    moments = _stretch(_moments(dice, row.fate, checkout.paid_at), checkout.paid_at, last)
    checkout.orders.append(OrderPlan(row.vendor, items, row.fate, moments, row.partner))
    return checkout


def _size(buyer: int) -> float:
    """How large a store is: those that order more often take more, too."""
    return 0.85 + BUYER_WEIGHTS[buyer] / 40


def _items(dice: random.Random, articles: Sequence[Article], size: float) -> tuple[tuple[int, int], ...]:
    """Two to five lines; larger stores take more of each, dear goods are taken in smaller numbers."""
    wanted = min(len(articles), dice.choice((2, 2, 3, 3, 4, 5)))
    chosen: dict[int, Article] = {}
    while len(chosen) < wanted:
        [article] = dice.choices(articles, [article.weight for article in articles])
        chosen[article.pk] = article
    return tuple(
        (article.pk, _quantity(dice.uniform(0.7, 1.4) * size * 900 / (article.price + 25), article))
        for article in chosen.values()
    )


def _quantity(wanted: float, article: Article) -> int:
    """The next quantity that is sold."""
    least = -(-article.minimum // article.multiple) * article.multiple
    return max(least, round(wanted / article.multiple) * article.multiple)


def _moments(dice: random.Random, fate: Fate, start: datetime) -> dict[str, datetime]:
    """When each step was made, by day."""
    at, moments = start, {}
    for name, least, most in STEPS[fate]:
        at = _by_day(dice, at + timedelta(hours=dice.uniform(least, most)), exact=most - least < 0.5)
        moments[name] = at
    return moments


def _stretch(moments: dict[str, datetime], start: datetime, last: datetime) -> dict[str, datetime]:
    """The same steps, closer together or further apart, so that the last one was made at `last`."""
    if not moments:
        return {}
    factor = max(last - start, timedelta(minutes=5)) / (max(moments.values()) - start)
    return {name: start + (at - start) * factor for name, at in moments.items()}


def _by_day(dice: random.Random, at: datetime, *, exact: bool) -> datetime:
    """The same moment, or the next morning where people are asleep."""
    local = at.astimezone(HERE)
    if exact or 7 <= local.hour < 22:
        return at
    morning = local.replace(hour=7, minute=0) + timedelta(days=local.hour >= 22)
    return morning + timedelta(minutes=dice.randrange(150))
