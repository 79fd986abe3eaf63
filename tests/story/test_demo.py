"""What the demo shows on the first start: goods, trade of three months, something in every state."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max, Sum
from django.db.models.functions import TruncMonth
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from accounts.models import User
from aqad.demo import papers
from aqad.demo.cast import goods_by_sku
from aqad.demo.packshots import pack_shot
from aqad.demo.shapes import SHAPES
from aqad.demo.sign_ins import FILE, read_sign_ins
from aqad.demo.views import SHOWN_FULLY, views_of
from aqad.lib import gtin, uae
from aqad.lib.business_day import today
from aqad.lib.files.documents import clean_document
from aqad.lib.files.images import clean_image
from audit.models import Entry
from catalog.models import Category, Product, Stock, StockMovement
from delivery.models import Delivery, DeliveryPartner, Driver
from notifications.models import Mail, Notification, OutboxEvent
from orders.models import Checkout, Order, OrderLine
from payments.models import Payment, Refund
from retailers.models import Retailer
from tests.story.test_bootstrap import bootstrap, everything
from vendors import queue
from vendors.models import Vendor, VendorDocument

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Path]:
    """The demo, loaded once for all tests here; what they change is rolled back, as it is in the end."""
    data = tmp_path_factory.mktemp("demo")
    told: dict[str, Any] = {
        "DATA_DIR": data,
        "DEMO": True,
        "FIRST_ADMIN_EMAIL": "",
        "FIRST_ADMIN_PASSWORD": "",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "STORAGES": {
            name: {
                "BACKEND": f"aqad.lib.files.storage.{backend}",
                "OPTIONS": {"location": data / name, **more},
            }
            for name, backend, more in (
                ("default", "PrivateFolderStorage", {}),
                ("public", "PublicFolderStorage", {"base_url": "/media/"}),
            )
        },
    }
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**told):
            call_command("bootstrap", stdout=StringIO())
        yield data
        transaction.set_rollback(True)


def test_eighty_products_in_ten_categories_come_from_eight_vendors_complete_to_the_picture(
    demo: Path,
) -> None:
    sold = Product.objects.sold().select_related("category").prefetch_related("images")

    assert sold.count() >= 80
    assert (
        len({product.category.path[: Category.steplen] for product in sold}) >= 10
    )  # at the top of the tree
    assert len({product.vendor_id for product in sold}) >= 8
    assert sold.filter(price_tiers__isnull=False).distinct().count() >= 30
    for product in sold:
        assert product.name_ar, product.name
        assert product.description, product.name
        assert product.description_ar, product.name
        assert gtin.normalise(product.barcode) == product.barcode
        images = product.images.all()
        assert len(images) == (3 if product.sku in SHOWN_FULLY else 1)
        for image in images:
            assert (image.width, image.height) == (900, 900)
            assert (demo / "public" / image.key).exists()
            assert set(image.thumbnails) == {"160", "320", "640"}
    offers = Counter(sold.values_list("barcode", flat=True))
    assert sum(count > 1 for count in offers.values()) >= 5


def test_the_cast_of_the_readme_has_its_codes_and_nothing_holds_any_pepsi() -> None:
    pepsi = Product.objects.get(sku="PEP-330")

    assert (pepsi.name, pepsi.code, str(pepsi.price)) == ("Pepsi 330ml", "P1001", "45.00")
    assert Vendor.objects.get(company_name="Ahmed Foods LLC").code == pepsi.vendor.code == "V1001"
    assert Retailer.objects.get(company_name="Fresh Mart Supermarket").code == "R2001"
    assert DeliveryPartner.objects.get(name="FastTrack Logistics").code == "DP1001"
    assert (pepsi.stock.on_hand, pepsi.stock.reserved) == (500, 0)
    assert not OrderLine.objects.filter(product=pepsi, reservation="active").exists()
    assert OrderLine.objects.filter(product=pepsi, reservation="consumed").exists()


def test_the_cast_came_through_the_services() -> None:
    written = {str(entry) for entry in Entry.objects.filter(object_kind__in=["Vendor", "Product"])}

    assert "Vendor V1001 created Product P1001" in written
    assert "Admin admin@aqad.example approved Vendor V1001" in written
    waiting = Vendor.objects.filter(status="pending_approval").earliest("pk")
    assert set(waiting.documents.values_list("kind", "status")) == {
        ("trade_license", "pending"),
        ("vat_certificate", "pending"),
    }


def test_everybody_in_the_file_of_sign_ins_can_sign_in(demo: Path) -> None:
    people = read_sign_ins(demo)

    assert {person["role"] for person in people} == {
        *("admin", "vendor", "retailer", "driver"),
        *("reviewer", "operations", "finance", "support"),
    }
    for person in people:
        user = User.objects.get(email=person["email"])
        roles = {user.role, *(group.name.lower() for group in user.groups.all())}
        assert user.is_active
        assert person["role"] in roles
        assert user.check_password(person["password"])
    assert (demo / FILE).stat().st_mode & 0o777 == 0o600


def _licences() -> list[tuple[Vendor, VendorDocument]]:
    kept = VendorDocument.objects.filter(kind="trade_license", status="accepted").select_related("vendor")
    return [(each.vendor, each) for each in kept]


def test_there_is_something_in_every_state() -> None:
    def states(model: Any) -> set[str]:
        return set(model.objects.values_list("status", flat=True))

    assert states(Order) == set(Order.Status.values)
    assert states(Delivery) == set(Delivery.Status.values)
    assert states(Checkout) == set(Checkout.Status.values)
    assert states(Payment) == set(Payment.Status.values)
    assert states(Vendor) == set(Vendor.Status.values)
    assert Refund.objects.filter(status="succeeded").exists()
    assert set(StockMovement.objects.values_list("kind", flat=True)) >= {
        "opening", "received", "reserved", "released", "shipped", "returned",
    }  # fmt: skip


def test_some_goods_are_short_and_one_is_gone() -> None:
    available = [stock.available for stock in Stock.objects.filter(product__status="active")]

    assert min(available) == 0
    assert sum(0 < count <= 12 for count in available) >= 3


def test_sales_reach_back_three_months_and_grow_up_to_today() -> None:
    now = timezone.now()
    placed = Order.objects.filter(placed_at__isnull=False)

    assert 250 <= placed.count() <= 500
    assert placed.filter(placed_at__lt=now - timedelta(days=85)).exists()
    assert placed.filter(placed_at__gt=now - timedelta(hours=12)).exists()
    assert not placed.filter(placed_at__gt=timezone.now()).exists()
    first = placed.filter(placed_at__lt=now - timedelta(days=62)).aggregate(sum=Sum("total"))["sum"]
    last = placed.filter(placed_at__gt=now - timedelta(days=30)).aggregate(sum=Sum("total"))["sum"]
    assert last > first
    months = placed.filter(vendor=1001).annotate(month=TruncMonth("placed_at")).values("month").distinct()
    assert months.count() >= 3


def test_deliveries_are_on_the_road_late_and_waiting_and_fasttrack_has_the_least_to_do() -> None:
    now = timezone.now()
    on_the_road = Delivery.objects.filter(status="out_for_delivery")

    assert on_the_road.filter(eta__lt=now).exists()
    assert on_the_road.filter(eta__gt=now).exists()
    assert Delivery.objects.get(status="unassigned").emirate == "FUJ"
    imran = Driver.objects.get(user__email="imran@fasttrack.example")
    assert imran.deliveries.filter(status__in=Delivery.OPEN).count() >= 2
    work = {
        partner.name: partner.deliveries.filter(status__in=Delivery.OPEN).count()
        for partner in DeliveryPartner.objects.filter(emirates__contains=["DXB"])
    }
    assert min(work, key=lambda name: work[name]) == "FastTrack Logistics"
    assert work["FastTrack Logistics"] < min(count for name, count in work.items() if name[0] != "F")


def test_papers_run_out_one_is_renewed_and_one_vendor_is_paused() -> None:
    ends = {vendor.company_name: kept for vendor, kept in _licences()}
    soon = {name: (kept.expiry_date - today()).days for name, kept in ends.items()}
    assert {name: days for name, days in soon.items() if days <= 60} == {
        "Al Rawda Spice House": -1,
        "Bustan Farms Trading": 5,
        "Sahara Grains and Pulses": 26,
        "Nadeef Home Supplies": 54,
    }
    paused = Vendor.objects.filter(selling_paused_at__isnull=False)
    assert [each.company_name for each in paused] == ["Al Rawda Spice House"]
    assert [each.vendor.company_name for each in queue.running_out(before=today() + timedelta(days=60))] == [
        name for name, days in sorted(soon.items(), key=lambda each: each[1]) if days <= 60
    ]
    assert {each.matter for each in queue.waiting()} == {"application", "renewal"}
    reminded = OutboxEvent.objects.filter(kind="document_runs_out")
    assert reminded.count() == 2


def test_reviewers_are_told_to_compare_one_tax_number() -> None:
    odd = [each.company_name for each in Vendor.objects.all() if not uae.trn_luhn_ok(each.trn)]
    assert odd == ["Liwa Fresh Produce"]
    assert all(uae.trn_luhn_ok(each.trn) for each in Retailer.objects.exclude(trn=""))


def test_the_books_agree() -> None:
    call_command("reconcile", "--fail", stdout=StringIO())


def test_the_log_of_the_past_is_in_the_order_of_time() -> None:
    about_orders = Entry.objects.filter(object_kind="Order").order_by("pk").values_list("at", flat=True)
    times = list(about_orders)

    assert times == sorted(times)
    order = Order.objects.filter(status="completed", payment_method="card").earliest("pk")
    told = Entry.objects.filter(object_code=order.code).order_by("pk")
    assert list(told.values_list("to_status", flat=True)) == [
        "pending_payment", "pending", "processing", "ready", "shipped", "completed",
    ]  # fmt: skip


def test_nobody_is_mailed_about_the_past() -> None:
    assert not Mail.objects.exists()
    assert OutboxEvent.objects.filter(status="pending").count() < 100
    assert Notification.objects.filter(user__code="R2001", read_at=None).exists()
    assert Notification.objects.filter(user__code="V1001", read_at__isnull=False).exists()
    assert not Payment.objects.filter(gateway_session__startswith="past", poll_at__isnull=False).exists()


def test_a_second_time_changes_nothing(settings: Any, demo: Path) -> None:
    settings.DATA_DIR, settings.DEMO = demo, True
    settings.FIRST_ADMIN_EMAIL = settings.FIRST_ADMIN_PASSWORD = ""
    before, last = everything(), Entry.objects.aggregate(last=Max("pk"))

    said = bootstrap()

    assert said == ""
    assert everything() == before
    assert Entry.objects.aggregate(last=Max("pk")) == last


def test_a_drawing_is_a_clean_picture_on_white_and_the_same_every_time() -> None:
    everyone = goods_by_sku().values()
    assert {one.look.shape for one in everyone} <= set(SHAPES)
    for shape in {one.look.shape for one in everyone}:
        one = next(each for each in everyone if each.look.shape == shape)
        drawn = pack_shot(one.look, one.wording)
        assert drawn == pack_shot(one.look, one.wording)
        picture = Image.open(BytesIO(clean_image(BytesIO(drawn)).content))
        assert picture.size == (900, 900)
        assert {picture.getpixel(corner) for corner in ((0, 0), (899, 0), (0, 899), (899, 899))} == {
            (255, 255, 255)
        }


def test_the_sides_of_a_pack_differ_and_are_the_same_every_time() -> None:
    pepsi = goods_by_sku()["PEP-330"]
    assert len(set(views_of(pepsi))) == 3
    assert views_of(pepsi) == views_of(pepsi)
    assert goods_by_sku().keys() >= SHOWN_FULLY


def test_the_papers_would_pass_as_uploads() -> None:
    paper = papers.vat_certificate("Ahmed Foods LLC", "100234567300003")

    assert clean_document(BytesIO(paper)).content == paper
