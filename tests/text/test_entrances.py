"""What people type and paste is kept in one form, whichever way it enters; a refusal leaves nothing."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services.link_requests import answer_link_requests
from catalog.models import Brand, Category, Product
from delivery.models import DeliveryPartner
from notifications.models import OutboxEvent
from orders.models import CartItem
from retailers.models import Address, Retailer
from tests import goods
from tests.factories import PASSWORD
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

UNSEEN = [
    "\u200e",
    "\u202e",
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\u2066",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\U000e0041",
]
REFUSED = ["\n", "\r", "\t", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ufffe"]


def arabic(text: str) -> str:
    return text.translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫"))


def registration(**changes: Any) -> dict[str, Any]:
    person = {"name": "Fatima", "email": "fatima@mart.example", "phone": "0507654321", "password": PASSWORD}
    return {**person, "company_name": "Fresh Mart", **changes}


def register(**changes: Any) -> Any:
    return APIClient().post("/api/retailer/register", registration(**changes))


def sign_in(email: str) -> int:
    return APIClient().post("/api/auth/login", {"email": email, "password": PASSWORD}).status_code


@pytest.mark.parametrize("mark", UNSEEN, ids=ascii)
def test_what_nobody_sees_is_gone_from_a_registration(mark: str) -> None:
    answer = register(
        name=f"{mark}Fat{mark}ima", company_name=f"Fresh{mark} Mart{mark}",
        email=f"fat{mark}ima@mart.example{mark}", phone=f"{mark}0507654321",
        trade_license_number=f"CN{mark}-1", trn=f"100123456{mark}700003",
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    user, retailer = User.objects.get(), Retailer.objects.get()
    assert (user.name, user.email, user.phone) == ("Fatima", "fatima@mart.example", "+971507654321")
    assert (retailer.company_name, retailer.email) == ("Fresh Mart", "fatima@mart.example")
    assert (retailer.trade_license_number, retailer.trn) == ("CN-1", "100123456700003")
    assert register(email=f"fatima@mart{mark}.example").status_code == 409
    assert User.objects.count() == 1


@pytest.mark.parametrize("mark", UNSEEN, ids=ascii)
@pytest.mark.parametrize("field", ["name", "company_name", "email", "phone"])
def test_what_shows_nothing_is_blank(field: str, mark: str) -> None:
    answer = register(**{field: f"{mark} {mark}"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not User.objects.exists()
    assert not Retailer.objects.exists()


@pytest.mark.parametrize("char", REFUSED, ids=ascii)
@pytest.mark.parametrize("field", ["name", "company_name", "email", "phone", "trade_license_number"])
def test_controls_and_line_breaks_are_refused(field: str, char: str) -> None:
    value = registration(trade_license_number="CN-1")[field]
    answer = register(**{field: f"{value[:3]}{char}{value[3:]}"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    if field == "email":
        assert answer.json()["message"] == "Invalid email"
    assert not User.objects.exists()


def test_a_mailbox_in_unicode_and_punycode_is_one_account() -> None:
    forms = [
        "x@bücher.example",
        "X@xn--bcher-kva.example",
        "x@bu\u0308cher.example",
        "x@BÜCHER。example\u200f",
    ]
    assert register(email=forms[0]).status_code == 201
    assert {register(email=form).status_code for form in forms} == {409}
    assert [sign_in(form) for form in forms] == [200] * 4
    assert User.objects.count() == 1


@pytest.mark.parametrize("path", ["/api/auth/password/reset", "/api/vendor/application/link"])
def test_a_link_is_mailed_however_the_address_is_written(applicant: Vendor, path: str) -> None:
    before = OutboxEvent.objects.count()
    assert APIClient().post(path, {"email": "\u200fNew@Foods\u00ad.example "}).status_code == 202
    answer_link_requests()
    assert OutboxEvent.objects.count() == before + 1


@pytest.mark.parametrize("path", ["/sign-in", "/admin/login/"])
def test_pages_let_in_whoever_pastes_an_address_with_marks(admin: User, client: Client, path: str) -> None:
    answer = client.post(path, {"email": "\u202aSara@aqad.example\u202c", "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert client.session.get("_auth_user_id") == str(admin.pk)


def test_a_registration_on_the_page_is_cleaned_and_refused_alike(client: Client) -> None:
    page = client.post(
        "/register/retailer", registration(company_name="\u3164", email="fatima@mart.example\u200e")
    )
    assert page.status_code in (200, 400)
    assert not User.objects.exists()
    client.post(
        "/register/retailer", registration(email="fatima@mart.example\u200e", phone=arabic("0507654321"))
    )
    user = User.objects.get()
    assert (user.email, user.phone) == ("fatima@mart.example", "+971507654321")


def new_product(**changes: Any) -> dict[str, Any]:
    if not Category.objects.exists():
        Category.objects.add_root({"slug": "drinks", "name": "Drinks"})
    Brand.objects.get_or_create(slug="pepsi", defaults={"name": "Pepsi"})
    return {
        "name": "Pepsi",
        "price": "45.50",
        "quantity": 20,
        "category": "drinks",
        "brand": "pepsi",
        **changes,
    }


@pytest.mark.parametrize("mark", UNSEEN, ids=ascii)
def test_an_invisible_twin_of_a_sku_is_that_sku(vendor_api: APIClient, mark: str) -> None:
    assert vendor_api.post("/api/products", new_product(sku="PEP-1")).status_code == 201
    twin = vendor_api.post("/api/products", new_product(sku=f"PEP{mark}-1"))
    assert list(twin.json()["errors"]) == ["sku"]
    assert Product.objects.count() == 1


def test_a_product_is_read_in_arabic_figures(vendor_api: APIClient) -> None:
    body = new_product(
        name="Pep\u202esi \u00a0330", description="a\r\nb\u2066c", price="\u200f٤٥٫٥٠", quantity="١٬٢٠٠",
        barcode=arabic("6291003000003") + "\u200e", min_order_quantity="۱۰", price_tiers=[],
    )  # fmt: skip
    answer = vendor_api.post("/api/products", body)
    assert answer.status_code == 201, answer.content
    product = Product.objects.get()
    assert (product.name, product.description) == ("Pepsi 330", "a\nbc")
    assert (str(product.price), product.barcode) == ("45.50", "6291003000003")
    assert (product.stock.on_hand, product.min_order_quantity) == (1200, 10)


@pytest.mark.parametrize(
    ("field", "value"),
    [("price", "١٢،٥٠"), ("price", "١٬٢٣"), ("price", "12,50"), ("quantity", "١٫٥"), ("price", "٤٥\n٠")],
)
def test_what_is_no_figure_is_refused(vendor_api: APIClient, field: str, value: str) -> None:
    answer = vendor_api.post("/api/products", new_product(**{field: value}))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Product.objects.exists()


def test_a_search_finds_skus_that_differ_by_case_or_blanks(vendor: Vendor, client: Client) -> None:
    found = {goods.list_product(vendor, sku=sku).code for sku in ("AB 12x", "ab12X")}
    for asked in ("ab12x", "AB 12X", "ab\u200b12x", "ａｂ12x"):
        answer = APIClient().get("/api/products", {"search": asked}).json()
        assert {each["id"] for each in answer["results"]} == found, asked


def test_lists_are_asked_in_any_digits(vendor: Vendor, retailer: Retailer, retailer_api: APIClient) -> None:
    product = goods.list_product(vendor, price="45.00", barcode="6291003000003")
    goods.list_product(vendor, price="90.00")
    for query in ({"max_price": "\u200f٥٠٫٠٠"}, {"barcode": arabic("6291003000003")}):
        answer = retailer_api.get("/api/products", query).json()
        assert [each["id"] for each in answer["results"]] == [product.code], query
    order = goods.place_order(retailer, (product, 5))
    for asked in (arabic(order.code), f"{order.code}\u200e"):
        answer = retailer_api.get("/api/orders", {"search": asked}).json()
        assert [each["id"] for each in answer["results"]] == [order.code], asked


def test_the_cart_takes_arabic_figures(
    vendor: Vendor, retailer_user: User, retailer_api: APIClient, client: Client
) -> None:
    product = goods.list_product(vendor)
    assert retailer_api.put(f"/api/cart/items/{product.code}", {"quantity": "١٢"}).status_code == 200
    assert CartItem.objects.get().quantity == 12
    client.force_login(retailer_user)
    client.post("/cart/change", {"product": product.code, "quantity": "\u200f٢٤"})
    assert CartItem.objects.get().quantity == 24


def test_addresses_of_pages_and_api_are_cleaned(
    retailer_user: User, retailer_api: APIClient, client: Client
) -> None:
    client.force_login(retailer_user)
    typed = {
        "line1": "Shop\u202e 9", "emirate": "SHJ", "phone": arabic("0501234567"), "po_box": "١٢٣٤",
        "makani": "\u200e١٢٣٤٥ ٦٧٨٩٠",
    }  # fmt: skip
    client.post("/account/addresses/new", typed)
    assert retailer_api.post("/api/retailer/addresses", typed).status_code == 201
    for address in Address.objects.filter(emirate="SHJ"):
        assert (address.line1, address.phone) == ("Shop 9", "+971501234567")
        assert (address.po_box, address.makani) == ("1234", "12345 67890")
    count = Address.objects.count()
    assert count == 3
    assert client.post("/account/addresses/new", {**typed, "line1": "\u2800"}).status_code in (200, 400)
    assert client.post("/account/addresses/new", {**typed, "line1": "a\x07b"}).status_code in (200, 400)
    assert Address.objects.count() == count


def test_staff_forms_are_cleaned(admin: User, client: Client, vendor: Vendor) -> None:
    client.force_login(admin)
    client.post(
        "/admin/catalog/category/add/", {"name": "\u202eTea\u00a0", "name_ar": "\u200fشاي", "slug": "tea"}
    )
    assert list(Category.objects.values_list("name", "name_ar")) == [("Tea", "شاي")]
    client.post("/admin/catalog/category/add/", {"name": "\u3164", "slug": "blank"})
    client.post("/admin/catalog/category/add/", {"name": "a\nb", "slug": "lines"})
    assert Category.objects.count() == 1
    person = {"email": "Omar@AQAD.example\u200e", "name": "Omar\u202e", "phone": "", "language": "en"}
    client.post("/admin/accounts/user/add/", {**person, "password_again": PASSWORD})
    assert User.objects.get(name="Omar").email == "omar@aqad.example"
    partner = {"name": "Desert\u200b Express", "phone": arabic("043334444"), "emirates": ["SHJ"]}
    client.post("/admin/delivery/deliverypartner/add/", partner)
    assert DeliveryPartner.objects.get().name == "Desert Express"
    assert DeliveryPartner.objects.get().phone == "+97143334444"
    found = client.get("/admin/accounts/user/", {"q": "\u200eOmar@aqad.example"})
    assert b"omar@aqad.example" in found.content
