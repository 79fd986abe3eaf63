"""The operations console: who may see it, what it shows, and the correction's two steps."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import services as accounts
from accounts.models import User
from catalog.models import Product
from operations.tests import breaking
from tests.factories import PASSWORD
from tests.goods import stock_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("well")]

PAGES = ("/admin/doctor/", "/admin/doctor/slow", "/admin/doctor/login", "/admin/doctor/stock")


def staff(*permissions: str) -> Client:
    """A browser of somebody of the staff with these rights alone."""
    user = accounts.create_user(
        email="huda@aqad.example", password=PASSWORD, name="Huda", role=User.Role.ADMIN
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return browser(user)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def correction(product: Product) -> str:
    breaking.counter(product, on_hand=380)
    return f"/admin/doctor/stock/{product.code}/correct"


@pytest.mark.parametrize("page", PAGES)
def test_staff_with_the_right_see_every_page(page: str) -> None:
    answer = staff("see_doctor").get(page)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style| style=", answer.text)


def test_the_first_page_shows_the_way_to_whom_it_is_open() -> None:
    assert 'href="/admin/doctor/"' in staff("see_doctor").get("/admin/").text
    clerk = accounts.create_user(
        email="clerk@aqad.example", password=PASSWORD, name="Clerk", role=User.Role.ADMIN
    )
    assert "/admin/doctor" not in browser(clerk).get("/admin/").text


@pytest.mark.parametrize("page", PAGES)
def test_others_see_none(page: str, vendor_user: User, correction: str) -> None:
    clerk = staff("view_order")
    for url in (page, correction):
        assert clerk.get(url).status_code == 403
        for outsider in (Client(), browser(vendor_user)):
            answer = outsider.get(url)
            assert answer.status_code == 302
            assert "/login/" in answer["Location"]


def test_the_page_says_what_the_command_says(product: Product, correction: str) -> None:
    said = f"The counter of {product.code} says 380 on hand, its ledger 400."
    assert said in staff("see_doctor").get("/admin/doctor/stock", {"code": product.code}).text
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "stock", product.code, stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().startswith(said)


def test_the_command_is_content_with_what_is_well(product: Product) -> None:
    out = StringIO()
    call_command("doctor", "stock", product.code, stdout=out)
    assert out.getvalue().startswith("Nothing is wrong.\n")


def test_a_code_that_nobody_has() -> None:
    with pytest.raises(CommandError, match="There is no product P1"):
        call_command("doctor", "stock", "P1")
    page = staff("see_doctor").get("/admin/doctor/stock", {"code": "P1"})
    assert "There is no product P1." in page.text


def test_only_who_may_correct_is_offered_it(product: Product, correction: str, admin: User) -> None:
    query = {"code": product.code}
    reader = staff("see_doctor")
    assert correction not in reader.get("/admin/doctor/stock", query).text
    assert correction in browser(admin).get("/admin/doctor/stock", query).text
    body = {"on_hand": 380, "reserved": 0, "reason": "I may not."}
    assert reader.post(correction, body).status_code == 403
    assert stock_of(product) == (380, 0)


def test_the_correction_shows_both_figures_and_asks_for_a_reason(
    product: Product, correction: str, admin: User
) -> None:
    desk = browser(admin)
    page = desk.get(correction).text
    assert ">380<" in page
    assert ">400<" in page
    refused = desk.post(correction, {"on_hand": 380, "reserved": 0, "reason": " "})
    assert refused.status_code == 200
    assert stock_of(product) == (380, 0)
    body = {"on_hand": 380, "reserved": 0, "reason": "Written past the ledger."}
    done = desk.post(correction, body, follow=True)
    assert f"The stock of {product.code} is corrected." in done.text
    assert stock_of(product) == (400, 0)


def test_figures_that_moved_meanwhile_are_shown_again(product: Product, correction: str, admin: User) -> None:
    body = {"on_hand": 379, "reserved": 0, "reason": "Written past the ledger."}
    answer = browser(admin).post(correction, body, follow=True)
    assert "The stock moved meanwhile." in answer.text
    assert stock_of(product) == (380, 0)
