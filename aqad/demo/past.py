"""Gives the cast its past: reads who and what there is, and has three months of trade written."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from aqad.demo.cast import goods_by_sku
from aqad.demo.companies import BUYERS
from aqad.demo.goods import PEPSI
from aqad.demo.history import History
from aqad.demo.inbox import fill_inboxes
from aqad.demo.plans import DAYS, Article, plan
from aqad.demo.renewals import let_papers_run_out
from aqad.demo.sales import World
from catalog.models import Product
from delivery.models import DeliveryPartner, Driver
from orders.services.placing import ADDRESS_FIELDS
from retailers.models import Address, Retailer
from vendors.models import Vendor, VendorDocument

FIRST = timedelta(days=DAYS + 6)  # before now, the companies came
# How long ago the vendors that are not active applied, and were decided about.
APPLIED = {"pending_approval": timedelta(days=2), "rejected": timedelta(days=6), "suspended": FIRST}
DECIDED = {"rejected": timedelta(days=3), "suspended": timedelta(days=9), "active": FIRST - timedelta(days=2)}


def load_past(admin: User) -> None:
    """Write the history of the cast that `load_cast` brought. Call it in the same transaction."""
    now = timezone.now()
    _date_back(now)
    world = _world(admin)
    sold = [product for product in world.products.values() if product.vendor.status == Vendor.Status.ACTIVE]
    dice = random.Random(3003)  # noqa: S311 - not for secrets
    pepsi = next(product.pk for product in sold if product.sku == PEPSI.sku)
    articles = [_article(product, dice) for product in sold]
    filled = {
        product.pk: (quantity, max(quantity * 8 // 5, 160))
        for product in world.products.values()
        for quantity in (goods_by_sku()[product.sku].quantity,)
    }
    opened = now - timedelta(days=DAYS + 3)
    history = History(world, now)
    history.write(plan(now, articles, kept_free=pepsi), filled=filled, opened=opened)
    fill_inboxes(history.sales, now)
    let_papers_run_out()


def _article(product: Product, dice: random.Random) -> Article:
    weight = 3.0 if product.sku == PEPSI.sku else dice.choice((0.6, 0.8, 1.0, 1.0, 1.4, 2.0))
    return Article(
        product.pk,
        product.vendor_id,
        product.min_order_quantity,
        product.order_multiple,
        float(product.price),
        weight,
    )


def _world(admin: User) -> World:
    products = Product.objects.select_related("vendor").prefetch_related("price_tiers").order_by("pk")
    emails = [buyer.email for buyer in BUYERS]
    retailers = {retailer.email: retailer for retailer in Retailer.objects.filter(email__in=emails)}
    drivers: dict[int, list[Driver]] = defaultdict(list)
    for driver in Driver.objects.select_related("user").order_by("pk"):
        drivers[driver.partner_id].append(driver)
    return World(
        products={product.pk: product for product in products},
        buyers=[retailers[email] for email in emails],
        addresses={row.pop("retailer"): row for row in Address.objects.values("retailer", *ADDRESS_FIELDS)},
        people={user.code: user for user in User.objects.exclude(code="").order_by("-pk")},
        partners=list(DeliveryPartner.objects.order_by("pk")),
        drivers=drivers,
        admin=admin,
    )


def _date_back(now: datetime) -> None:
    """The companies, their people and goods came before the first order. The log keeps its own time."""
    came = now - FIRST
    for model in (User, Retailer, DeliveryPartner, Product):
        model.objects.update(created_at=came)
    for status, decided in DECIDED.items():
        Vendor.objects.filter(status=status).update(decided_at=now - decided)
    for status in Vendor.Status.values:
        applied = now - APPLIED.get(status, FIRST)
        Vendor.objects.filter(status=status).update(created_at=applied)
        VendorDocument.objects.filter(vendor__status=status).update(uploaded_at=applied)
