"""The admin's pages of the catalogue: they open, they search, and their actions are the services."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin as site
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from catalog.models import Brand, Category, Product
from catalog.services import products
from catalog.tests.conftest import MakeProduct


@pytest.fixture
def staff(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def act(staff: Client, action: str, product: Product, **more: str) -> Any:
    return staff.post(
        reverse("admin:catalog_product_changelist"),
        {"action": action, "_selected_action": [product.pk], **more},
        follow=True,
    )


def test_every_model_has_its_page() -> None:
    assert all(site.site.is_registered(model) for model in apps.get_app_config("catalog").get_models())


@pytest.mark.parametrize(
    "model", ["product", "category", "brand", "pricetier", "productimage", "stock", "stockmovement"]
)
def test_lists_open_search_and_cost_few_statements(
    model: str, staff: Client, make_product: MakeProduct, django_assert_max_num_queries: Any
) -> None:
    for _number in range(5):
        make_product(price_tiers=[{"min_quantity": 10, "price": "1.00"}])
    with django_assert_max_num_queries(12):
        answer = staff.get(reverse(f"admin:catalog_{model}_changelist"), {"q": "pepsi"})
    assert answer.status_code == 200


def test_a_product_opens_read_only_and_is_found_by_code(staff: Client, product: Product) -> None:
    page = staff.get(reverse("admin:catalog_product_change", args=[product.pk]))
    assert page.status_code == 200
    assert b"<script>" not in page.content
    found = staff.get(reverse("admin:catalog_product_changelist"), {"q": product.code})
    assert product.name.encode() in found.content
    staff.post(reverse("admin:catalog_product_change", args=[product.pk]), {"status": "archived"})
    product.refresh_from_db()
    assert product.status == "active"


def test_hiding_needs_a_reason_and_leaves_a_trace(staff: Client, admin: User, product: Product) -> None:
    act(staff, "hide", product)
    product.refresh_from_db()
    assert product.status == "active"
    act(staff, "hide", product, reason="Counterfeit")
    product.refresh_from_db()
    assert product.status == "hidden"
    entry = Entry.objects.get(object_code=product.code, to_status="hidden")
    assert (entry.actor_id, entry.reason) == (admin.pk, "Counterfeit")
    act(staff, "show", product)
    product.refresh_from_db()
    assert product.status == "active"


def test_an_action_that_is_refused_says_so(staff: Client, product: Product) -> None:
    products.archive_product(product, by=None)
    answer = act(staff, "show", product)
    assert "not possible" in answer.content.decode()
    product.refresh_from_db()
    assert product.status == "archived"


def test_stock_and_ledger_are_only_looked_at(staff: Client, product: Product) -> None:
    for model in ("stock", "stockmovement"):
        assert staff.post(reverse(f"admin:catalog_{model}_add"), {}).status_code == 403
        pk = product.pk if model == "stock" else product.stock.movements.get().pk
        for page in ("change", "delete"):
            path = reverse(f"admin:catalog_{model}_{page}", args=[pk])
            assert staff.post(path, {"on_hand": 1, "post": "yes"}).status_code == 403


def test_a_category_is_added_renamed_moved_and_deleted(staff: Client, shelves: None) -> None:
    add = reverse("admin:catalog_category_add")
    dairy, beverages = Category.objects.get(slug="dairy"), Category.objects.get(slug="beverages")
    staff.post(add, {"name": "Cheese", "slug": "cheese", "parent": dairy.pk})
    cheese = Category.objects.get(slug="cheese")
    assert Category.objects.get_parent(cheese) == dairy
    change = reverse("admin:catalog_category_change", args=[cheese.pk])
    staff.post(change, {"name": "Ale", "slug": "ale", "parent": beverages.pk})
    tree = list(Category.objects.order_by("path").values_list("slug", "depth"))
    assert tree == [
        ("beverages", 1),
        ("ale", 2),
        ("soft-drinks", 2),
        ("water", 2),
        ("dairy", 1),
        ("milk", 2),
    ]
    staff.post(change, {"name": "Ale", "slug": "ale", "parent": ""})
    assert Category.objects.get(slug="ale").is_root()
    staff.post(reverse("admin:catalog_category_delete", args=[cheese.pk]), {"post": "yes"})
    assert not Category.objects.filter(slug="ale").exists()
    assert Category.objects.find_problems() == ([], [], [], [], [])


def test_a_category_with_children_or_products_stays(staff: Client, product: Product) -> None:
    for slug in ("beverages", "soft-drinks"):
        category = Category.objects.get(slug=slug)
        staff.post(reverse("admin:catalog_category_delete", args=[category.pk]), {"post": "yes"})
        assert Category.objects.filter(slug=slug).exists()


def test_a_renamed_brand_shows_at_once(staff: Client, anonymous_api: Any, product: Product) -> None:
    brand = Brand.objects.get(slug="pepsi")
    assert anonymous_api.get(f"/api/products/{product.code}").json()["brand"]["name"] == "Pepsi"
    path = reverse("admin:catalog_brand_change", args=[brand.pk])
    staff.post(path, {"name": "PepsiCo", "slug": "pepsi", "name_ar": ""})
    assert anonymous_api.get(f"/api/products/{product.code}").json()["brand"]["name"] == "PepsiCo"
    staff.post(reverse("admin:catalog_brand_delete", args=[brand.pk]), {"post": "yes"})
    assert Brand.objects.filter(pk=brand.pk).exists()
