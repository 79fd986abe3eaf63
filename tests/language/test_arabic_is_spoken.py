"""Whoever speaks Arabic is answered in Arabic: by the API, in notifications, and on pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail as mailbox
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Brand, Category, Product
from notifications.models import Notification
from notifications.services import notify
from notifications.tasks import sweep_mails, sweep_outbox
from orders.models import Order
from retailers.models import Retailer
from tests.factories import ADDRESS
from tests.goods import list_product, place_order, stock_of
from tests.language.english import english_words
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

ARABIC = {"accept-language": "ar"}


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """The language of a test's last answer is not the next test's."""
    yield
    translation.deactivate()


@pytest.fixture
def pepsi(vendor: Vendor) -> Product:
    Category.objects.add_root({"slug": "soft-drinks", "name": "Soft drinks", "name_ar": "مشروبات غازية"})
    Brand.objects.create(slug="pepsi", name="Pepsi", name_ar="بيبسي")
    return list_product(vendor, name="Pepsi 330ml", name_ar="بيبسي 330 مل", quantity=10)


def ask_for(api: APIClient, product: Product, quantity: int) -> Any:
    items = [{"product": product.code, "quantity": quantity}]
    body = {"items": items, "address": ADDRESS, "payment_method": "card"}
    return api.post("/api/orders", body, headers=ARABIC)


def test_a_refused_sign_in_says_so_in_arabic(client: Client) -> None:
    body = {"email": "nobody@mart.example", "password": "not-the-one"}
    answer = client.post("/api/auth/login", body, content_type="application/json", headers=ARABIC)
    assert answer.status_code == 401
    assert answer.json()["message"] == "البريد الإلكتروني أو كلمة المرور غير صحيحة."
    assert answer["Content-Language"] == "ar"


def test_wrong_fields_are_named_in_arabic(client: Client) -> None:
    body = {"email": "no address", "password": "short"}
    answer = client.post("/api/auth/login", body, content_type="application/json", headers=ARABIC)
    assert answer.status_code == 400
    assert answer.json()["errors"]["email"] == ["البريد الإلكتروني غير صالح"]


def test_a_shortage_is_told_in_arabic_and_nothing_is_ordered(retailer_api: APIClient, pepsi: Product) -> None:
    answer = ask_for(retailer_api, pepsi, 11)
    assert answer.status_code == 409
    assert answer.json()["code"] == "out_of_stock"
    assert answer.json()["message"] == "لم يتبقَّ من بيبسي 330 مل سوى 10. غيّر الكمية إلى 10 أو أقل."
    assert not Order.objects.exists()
    assert stock_of(pepsi) == (10, 0)


def test_news_of_an_order_reach_an_arabic_speaker_in_arabic(vendor: Vendor, vendor_user: User) -> None:
    User.objects.filter(pk=vendor_user.pk).update(language="ar")
    context = {"order": "ORD1001", "vendor": "Ahmed Foods LLC", "retailer": "Fresh Mart", "total": "4725.00"}
    notify("order_received", to=[vendor.code], about="ORD1001", context=context)
    sweep_outbox()
    sweep_mails()
    line = Notification.objects.get(user=vendor_user, kind="order_received")
    assert line.title == "طلب جديد"
    assert "Fresh Mart" in line.body
    assert "ORD1001" in line.body
    assert "طلب جديد" in [each.subject for each in mailbox.outbox if each.to == [vendor_user.email]]


@pytest.mark.parametrize(
    "path", ["/", "/products", "/cart", "/sign-in", "/register", "/register/retailer", "/register/vendor"]
)
def test_a_guests_page_holds_no_english(client: Client, pepsi: Product, path: str) -> None:
    page = client.get(path, headers=ARABIC).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert not english_words(page)


def test_a_shops_pages_hold_no_english(
    client: Client, retailer: Retailer, retailer_user: User, pepsi: Product
) -> None:
    User.objects.filter(pk=retailer_user.pk).update(language="ar")
    order = place_order(retailer, (pepsi, 2))
    client.force_login(retailer_user)
    client.cookies["django_language"] = "ar"
    for path in ("/orders", f"/orders/{order.code}", "/cart", "/notifications", "/account/addresses/new"):
        assert not english_words(client.get(path).content.decode()), path


def test_a_vendors_pages_hold_no_english(client: Client, vendor_user: User, pepsi: Product) -> None:
    client.force_login(vendor_user)
    client.cookies["django_language"] = "ar"
    for path in ("/sell", "/sell/products", f"/sell/products/{pepsi.code}", "/sell/stock", "/sell/orders"):
        assert not english_words(client.get(path).content.decode()), path
