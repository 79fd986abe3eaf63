"""The vendor's pages about products: what is written is written, what is refused is said beside its field."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.models import PriceTier, Product, ProductImage
from catalog.tests.conftest import MakeProduct
from tests.factories import png_bytes
from tests.goods import stock_of
from vendors.models import Vendor

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(vendor_user: User) -> Client:
    return browser(vendor_user)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return answer.content.decode()


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Pepsi 330ml",
        "category": "soft-drinks",
        "brand": "pepsi",
        "price": "45.00",
        "vat_category": "S",
        "unit_code": "XCT",
        "min_order_quantity": "1",
        "order_multiple": "1",
        "lead_time_days": "1",
        "quantity": "20",
        "status": "active",
        "tiers-TOTAL_FORMS": "2",
        "tiers-INITIAL_FORMS": "0",
        **changes,
    }


def picture(width: int = 40, name: str = "p.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png_bytes(width), "image/png")


def test_a_product_is_listed_with_tiers_stock_and_pictures(page: Client, shelves: None) -> None:
    tiers = {"tiers-0-min_quantity": "50", "tiers-0-price": "43.00"}
    sent = filled(name_ar="بيبسي", barcode="6291003800115", images=[picture(10), picture(20)], **tiers)

    answer = page.post("/sell/products/new", sent)

    made = Product.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/sell/products/{made.code}")
    assert (made.name, made.name_ar, made.status) == ("Pepsi 330ml", "بيبسي", "active")
    assert [(tier.min_quantity, tier.price) for tier in made.price_tiers.all()] == [(50, Decimal("43.00"))]
    assert stock_of(made) == (20, 0)
    assert [image.width for image in made.images.all()] == [10, 20]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"barcode": "6291003800116"}, "id_barcode", "not a valid barcode"),
        ({"price": "0"}, "id_price", "must be at least 0.01"),
        ({"name": ""}, "id_name", "required"),
        ({"category": ""}, "id_category", "required"),
        ({"min_order_quantity": "10", "order_multiple": "4"}, "id_min_order_quantity", "multiple of 4"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    wrong: dict[str, str], field: str, sentence: str, page: Client, shelves: None
) -> None:
    answer = page.post("/sell/products/new", filled(sku="PEP-9", **wrong))

    assert answer.status_code == 200
    beside = re.search(rf'<div id="{field}_error">(.*?)</div>', text_of(answer), re.S)
    assert beside
    assert sentence in beside[1]
    assert 'value="PEP-9"' in text_of(answer)
    assert not Product.objects.exists()


def test_a_tier_that_costs_more_is_refused_in_its_row(page: Client, shelves: None) -> None:
    rows = {"tiers-0-min_quantity": "", "tiers-1-min_quantity": "50", "tiers-1-price": "46.00"}

    answer = page.post("/sell/products/new", filled(**rows))

    row = text_of(answer).split('name="tiers-1-price"')[1].split("</div>")[0]
    assert 'value="46.00"' in row
    assert "must cost less" in row
    assert not Product.objects.exists()


def test_a_product_changes_and_blank_rows_end_its_tiers(page: Client, make_product: MakeProduct) -> None:
    product = make_product(price_tiers=[{"min_quantity": 50, "price": Decimal("44.00")}])

    answer = page.post(f"/sell/products/{product.code}", filled(name="Pepsi Max", price="46.50"))

    product.refresh_from_db()
    assert answer.status_code == 302
    assert (product.name, product.price) == ("Pepsi Max", Decimal("46.50"))
    assert not PriceTier.objects.filter(product=product).exists()
    assert stock_of(product) == (500, 0)


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "private" / "kept").glob("*"))


def test_a_refused_product_keeps_its_pictures(page: Client, shelves: None, tmp_path: Path) -> None:
    refused = page.post("/sell/products/new", filled(price="", images=[picture(10), picture(20, "side.png")]))
    assert "Here already: <bdi>p.png</bdi>, <bdi>side.png</bdi>." in text_of(refused)
    assert len(kept(tmp_path)) == 2
    assert not Product.objects.exists()

    assert page.post("/sell/products/new", filled()).status_code == 302

    assert Product.objects.get().images.count() == 2
    assert kept(tmp_path) == []


def test_pictures_of_another_product_and_bad_ones_are_not_kept(
    page: Client, shelves: None, tmp_path: Path
) -> None:
    page.post("/sell/products/new", filled(price="", images=[picture()]))
    assert "Here already" not in text_of(page.get("/sell/products/new"))
    assert kept(tmp_path) == []

    bad = SimpleUploadedFile("p.png", b"no picture", "image/png")
    assert "Here already" not in text_of(page.post("/sell/products/new", filled(images=[picture(), bad])))
    assert kept(tmp_path) == []
    assert not Product.objects.exists()


def test_three_rows_for_more_tiers_are_there_without_a_script(
    page: Client, make_product: MakeProduct
) -> None:
    product = make_product(
        price=Decimal("45.00"), price_tiers=[{"min_quantity": 50, "price": Decimal("44.00")}]
    )
    shown = text_of(page.get(f"/sell/products/{product.code}"))
    assert 'name="tiers-TOTAL_FORMS" value="4"' in shown
    assert shown.count("data-tier data-without-script") == 2  # a script begins with one blank row

    rows = {"tiers-TOTAL_FORMS": "4", "tiers-0-min_quantity": "50", "tiers-0-price": "44.00"}
    for row, (number, price) in enumerate(((100, "43.00"), (200, "42.00"), (300, "41.00")), 1):
        rows |= {f"tiers-{row}-min_quantity": f"{number}", f"tiers-{row}-price": price}
    answer = page.post(f"/sell/products/{product.code}", filled(**rows))

    assert answer.status_code == 302
    assert [tier.min_quantity for tier in product.price_tiers.order_by("min_quantity")] == [50, 100, 200, 300]


def test_a_used_sku_is_refused_beside_it(page: Client, make_product: MakeProduct) -> None:
    make_product(sku="PEP-1")
    other = make_product()

    answer = page.post(f"/sell/products/{other.code}", filled(sku="PEP-1"))

    assert "You use this SKU" in text_of(answer).split('id="id_sku_error"')[1][:400]
    other.refresh_from_db()
    assert other.sku == ""


def test_a_product_is_archived(page: Client, product: Product) -> None:
    assert page.post(f"/sell/products/{product.code}/archive").status_code == 302
    product.refresh_from_db()
    assert product.status == "archived"
    assert page.get(f"/sell/products/{product.code}").status_code == 200


def test_a_price_changes_in_its_row(page: Client, product: Product) -> None:
    answer = page.post(f"/sell/products/{product.code}/quick", {"price": "47.25"}, headers=HTMX)
    product.refresh_from_db()
    assert product.price == Decimal("47.25")
    assert text_of(answer).lstrip().startswith("<tr")
    assert 'value="47.25"' in text_of(answer)


@pytest.mark.parametrize("sent", [{"price": "-3"}, {"price": "4,5x"}, {"received": "0"}, {"received": "x"}])
def test_a_wrong_figure_stays_in_its_row_with_the_reason(
    sent: dict[str, str], page: Client, product: Product
) -> None:
    (name, typed), *_ = sent.items()
    for headers in (HTMX, {}):
        answer = page.post(f"/sell/products/{product.code}/quick", sent, headers=headers)
        assert f'id="{name}-{product.code}-error"' in text_of(answer)
        assert f'value="{typed}"' in text_of(answer)
    product.refresh_from_db()
    assert product.price == Decimal("45.00")
    assert stock_of(product) == (500, 0)


def test_goods_received_are_added(page: Client, product: Product) -> None:
    answer = page.post(f"/sell/products/{product.code}/quick", {"received": "12", "back": "status=active"})
    assert (answer.status_code, answer["Location"]) == (302, "/sell/products?status=active")
    assert stock_of(product) == (512, 0)


def test_the_list_is_searched_filtered_and_sorted(page: Client, make_product: MakeProduct) -> None:
    make_product(name="Cola", sku="C-1", price=Decimal("30.00"))
    make_product(name="Water", price=Decimal("10.00"), status="draft")

    def shown(query: str) -> list[str]:
        return [row.name for row in page.get(f"/sell/products?{query}").context["page"]]

    assert shown("") == ["Water", "Cola"]
    assert shown("status=draft") == ["Water"]
    assert shown("search=cola") == ["Cola"]
    assert shown("ordering=price") == ["Water", "Cola"]
    assert shown("ordering=nonsense&status=nonsense&page=999") == ["Water", "Cola"]


def test_the_list_takes_as_many_statements_for_one_product_as_for_many(
    page: Client, make_product: MakeProduct, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for path in ("/sell/products", "/sell/stock"):
        make_product()
        with django_assert_max_num_queries(40) as few:
            page.get(path)
        for _ in range(4):
            make_product()
        with django_assert_max_num_queries(len(few)):
            page.get(path)


def test_pictures_are_added_moved_and_removed(page: Client, product: Product) -> None:
    base = f"/sell/products/{product.code}/images"
    page.post(base, {"images": [picture(10), picture(20)]})
    assert [image.width for image in product.images.all()] == [10, 20]

    second = product.images.last()
    assert second
    page.post(f"{base}/order", {"image": second.pk, "position": "1"}, headers=HTMX)
    assert [image.width for image in product.images.all()] == [20, 10]

    page.post(f"{base}/{second.pk}/delete")
    assert [image.width for image in product.images.all()] == [10]


def test_a_file_that_is_no_picture_is_refused_beside_the_field(page: Client, product: Product) -> None:
    fake = SimpleUploadedFile("p.png", b"not a picture", "image/png")
    for headers in (HTMX, {}):
        answer = page.post(f"/sell/products/{product.code}/images", {"images": [fake]}, headers=headers)
        assert answer.status_code == 200
        assert 'class="error" role="alert"' in text_of(answer)
    assert not ProductImage.objects.exists()


@pytest.mark.parametrize(
    "path", ["", "/archive", "/quick", "/images", "/images/order", "/images/1/delete", "/stock"]
)
def test_a_product_of_another_vendor_does_not_exist(
    path: str, product: Product, rival_vendor_user: User, retailer_user: User
) -> None:
    where = f"/sell/products/{product.code}{path}"
    sent = {"price": "1.00", "kind": "received", "change": "5"}
    assert browser(rival_vendor_user).post(where, sent).status_code == 404
    assert browser(retailer_user).post(where, sent).status_code == 403
    assert Client().post(where, sent)["Location"].startswith("/sign-in")
    product.refresh_from_db()
    assert (product.price, product.status) == (Decimal("45.00"), "active")
    assert stock_of(product) == (500, 0)


def test_no_page_carries_a_script_or_style_of_its_own(page: Client, product: Product, vendor: Vendor) -> None:
    paths = ["", "/products", "/products/new", f"/products/{product.code}", "/stock", "/orders", "/company"]
    for path in [*paths, f"/products/{product.code}/stock"]:
        html = text_of(page.get(f"/sell{path}"))
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=\"", html), path
