"""Products and orders of the tests, made as the product makes them: through services."""

import itertools
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db.models.functions import Now

from catalog.models import Brand, Category, Product, ProductImport, Stock
from catalog.services import import_steps, imports, products
from catalog.sheets.guard import clean_sheet
from delivery import services as delivery
from delivery.models import Delivery, DeliveryPartner
from delivery.services.steps import Proof, Step
from orders import services as orders
from orders.models import Checkout, Order
from tests.factories import ADDRESS, make_delivery_partner, user_of
from vendors.models import Vendor

_numbers = itertools.count(1)


def list_product(vendor: Vendor, *, price: str = "45.00", quantity: int = 500, **details: Any) -> Product:
    """A product of `vendor` that is sold, with `quantity` cartons on hand."""
    if not Category.objects.filter(slug="soft-drinks").exists():
        Category.objects.add_root({"slug": "soft-drinks", "name": "Soft drinks"})
    Brand.objects.get_or_create(slug="pepsi", defaults={"name": "Pepsi"})
    details.setdefault("name", f"Pepsi 330ml {next(_numbers)}")
    return products.create_product(
        vendor,
        by=user_of(vendor.code),
        price=Decimal(price),
        quantity=quantity,
        category="soft-drinks",
        brand="pepsi",
        **details,
    )


def send_sheet(vendor: Vendor, text: str) -> ProductImport:
    """A CSV sheet of the vendor that waits for a worker to check it."""
    sheet, by = clean_sheet(BytesIO(text.encode())), user_of(vendor.code)
    return imports.start_import(vendor, sheet, by=by, filename="prices.csv", dry_run=True)


def work_on(made: ProductImport) -> ProductImport:
    """What workers do until nothing is left to do."""
    while ProductImport.objects.filter(pk=made.pk, status__in=ProductImport.RUNNING).exists():
        ProductImport.objects.filter(pk=made.pk).update(due_at=Now())
        import_steps.carry_on(made.pk)
    made.refresh_from_db()
    return made


def place(retailer: Any, *wanted: tuple[Product, int], method: str = "card") -> Checkout:
    """A checkout placed by the retailer's first person."""
    placement = orders.Placement(
        items=[orders.Item(product.code, quantity) for product, quantity in wanted],
        address=ADDRESS,
        payment_method=method,
    )
    placed = orders.place_checkout(placement, by=user_of(retailer.code))
    return Checkout.objects.get(pk=placed.pk)


def place_order(retailer: Any, *wanted: tuple[Product, int], method: str = "cash_on_delivery") -> Order:
    """The one order of a checkout with one vendor; by cash it is pending with its vendor at once."""
    (order,) = place(retailer, *wanted, method=method).orders.all()
    return order


def stock_of(product: Product) -> tuple[int, int]:
    """(on hand, reserved) as the database has it now."""
    stock = Stock.objects.get(pk=product.pk)
    return stock.on_hand, stock.reserved


def carry(order: Order, *steps: str) -> Order:
    """Accept, make ready and have a driver report `steps`, the PIN taken for right."""
    if not DeliveryPartner.objects.exists():
        make_delivery_partner(name="FastTrack Logistics", email="driver@fasttrack.example")
    orders.accept_order(order, by=None)
    orders.mark_ready(order, by=None)
    for step in steps:
        carried = Delivery.objects.get(order=order)
        driver = user_of(f"DP{carried.partner_id}")
        note = "nobody there" if step == "failed" else ""
        delivery.report_step(carried, Step(step, note=note), proof=Proof(pin=True), by=driver)
    order.refresh_from_db()
    return order
