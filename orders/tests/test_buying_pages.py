"""From the cart to the order on pages: what is sent twice happens once, and nothing typed is lost."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.models import PageSession
from orders.models import CartItem, Checkout, Order
from retailers.models import Address
from tests.factories import PASSWORD, user_of
from tests.goods import list_product, place_order, stock_of
from vendors.models import Vendor

TYPED = {"note": "Ring twice", "purchase_order_number": "PO-77"}


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, name="Pepsi 330ml", quantity=40)


@pytest.fixture
def browser(retailer):
    client = Client()
    client.force_login(user_of(retailer.code))
    return client


def add(client, product, quantity, **headers):
    return client.post("/cart/add", {"product": product.code, "quantity": quantity}, headers=headers)


def checkout_form(client, **typed):
    """What the page would send, with the cheapest way to pay."""
    page = client.get("/checkout").text
    hidden = dict(re.findall(r'name="(token|shown_total)" value="([^"]*)"', page))
    address = Address.objects.first()
    return {**hidden, "address": address.pk, "payment_method": "cash_on_delivery", **typed}


def test_a_guest_fills_a_cart_and_keeps_it_after_signing_in(client, retailer, pepsi):
    add(client, pepsi, 3)
    page = client.get("/cart").text
    assert "Pepsi 330ml" in page
    assert "Sign in and check out" in page
    assert not CartItem.objects.exists()

    client.post("/sign-in", {"email": "fatima@mart.example", "password": PASSWORD})

    assert list(CartItem.objects.values_list("product", "quantity")) == [(pepsi.pk, 3)]
    assert not client.cookies["cart"].value


def test_a_merge_keeps_the_larger_quantity_and_what_was_there(client, retailer, vendor, pepsi):
    water, gone = list_product(vendor, name="Water"), list_product(vendor, name="Gone")
    CartItem.objects.create(retailer=retailer, product=pepsi, quantity=9)
    add(client, pepsi, 3)
    add(client, water, 5)
    add(client, gone, 1)
    type(gone).objects.filter(pk=gone.pk).update(status="hidden")

    client.post("/sign-in", {"email": "fatima@mart.example", "password": PASSWORD})

    assert dict(CartItem.objects.values_list("product", "quantity")) == {pepsi.pk: 9, water.pk: 5}


def test_adding_adds_changing_replaces_and_zero_removes(browser, pepsi):
    add(browser, pepsi, 2)
    answer = add(browser, pepsi, 3, HX_Request="true")
    assert "toast" in answer["HX-Trigger"]
    assert 'hx-swap-oob="true"' in answer.text
    assert CartItem.objects.get().quantity == 5

    part = browser.post(
        "/cart/change", {"product": pepsi.code, "quantity": 7}, headers={"HX-Request": "true"}
    )
    assert "330.75" in part.text
    assert "<html" not in part.text
    browser.post("/cart/change", {"product": pepsi.code, "quantity": 0})
    assert not CartItem.objects.exists()


def test_the_cart_says_what_is_short_of_the_minimum_and_offers_no_checkout(browser, pepsi, vendor):
    Vendor.objects.filter(pk=vendor.pk).update(min_order_value=500)
    add(browser, pepsi, 2)

    page = browser.get("/cart").text

    assert "410.00" in page
    assert 'href="/checkout"' not in page
    assert browser.get("/checkout")["Location"] == "/cart"


def test_a_vendor_has_no_cart(vendor_user, client, pepsi):
    client.force_login(vendor_user)
    assert add(client, pepsi, 1).status_code == 403
    assert client.get("/cart").status_code == 403


def test_an_order_is_placed_on_one_page(browser, pepsi):
    add(browser, pepsi, 4)

    answer = browser.post("/checkout", checkout_form(browser, **TYPED))

    order = Order.objects.get()
    assert answer["Location"] == f"/checkout/{order.checkout.code}"
    assert (order.note, order.purchase_order_number) == ("Ring twice", "PO-77")
    assert "Your order is placed" in browser.get(answer["Location"]).text
    assert not CartItem.objects.exists()


def test_the_same_form_twice_is_one_order(browser, pepsi):
    add(browser, pepsi, 4)
    form = checkout_form(browser)

    first, second = browser.post("/checkout", form), browser.post("/checkout", form)

    assert first["Location"] == second["Location"]
    assert Checkout.objects.count() == 1
    assert stock_of(pepsi) == (40, 4)


def test_the_back_button_after_placing_orders_nothing_again(browser, pepsi):
    add(browser, pepsi, 4)
    form = checkout_form(browser)
    browser.post("/checkout", form)

    page = browser.get("/checkout")
    assert "Everything is ordered" in page.text
    add(browser, pepsi, 1)
    again = browser.post("/checkout", {**form, "note": "changed after going back"})

    assert again["Location"].startswith("/checkout/CHK")
    assert Checkout.objects.count() == 1
    assert CartItem.objects.get().quantity == 1
    assert page["Cache-Control"].count("no-store") == 1


def test_a_session_that_ended_loses_neither_the_cart_nor_what_was_typed(client, retailer, pepsi):
    browser = client
    browser.post("/sign-in", {"email": "fatima@mart.example", "password": PASSWORD})
    add(browser, pepsi, 4)
    form = checkout_form(browser, **TYPED, payment_method="card")
    del browser.cookies["sessionid"]

    answer = browser.post("/checkout", form)
    assert answer["Location"] == "/sign-in?next=/checkout"
    assert not Checkout.objects.exists()
    back = browser.post(
        "/sign-in", {"email": "fatima@mart.example", "password": PASSWORD, "next": "/checkout"}, follow=True
    )

    assert back.request["PATH_INFO"] == "/checkout"
    assert "Ring twice" in back.text
    assert 'value="PO-77"' in back.text
    assert CartItem.objects.get().quantity == 4


def test_a_browser_that_nobody_ever_signed_in_with_leaves_no_row_at_the_checkout(client, retailer):
    answer = client.post("/checkout", TYPED, follow=True)
    assert answer.redirect_chain == [("/sign-in?next=/checkout", 302)]
    assert "You were signed out meanwhile" not in answer.text
    assert not PageSession.objects.exists()


def test_a_price_that_moved_meanwhile_is_shown_before_anything_is_placed(browser, pepsi):
    add(browser, pepsi, 4)
    form = checkout_form(browser)
    type(pepsi).objects.filter(pk=pepsi.pk).update(price=Decimal("50.00"))

    page = browser.post("/checkout", form)

    assert page.status_code == 200
    assert "the total is now 210.00 AED" in page.text
    assert not Checkout.objects.exists()
    assert stock_of(pepsi) == (40, 0)


def test_a_new_address_is_checked_beside_its_fields_and_kept(browser, pepsi, retailer):
    add(browser, pepsi, 4)
    wrong = checkout_form(browser, address="new", keep_address="on", phone="12", **TYPED)
    page = browser.post("/checkout", wrong).text
    assert 'id="id_line1_error"' in page
    assert "Enter a valid telephone number." in page
    assert "Ring twice" in page
    assert not Order.objects.exists()

    browser.post("/checkout", {**wrong, "line1": "Shop 9", "emirate": "SHJ", "phone": "0501234567"})

    assert Order.objects.get().address["line1"] == "Shop 9"
    assert retailer.addresses.filter(line1="Shop 9", phone="+971501234567").exists()


def test_an_address_typed_but_not_chosen_stops_nothing(browser, pepsi):
    add(browser, pepsi, 4)
    browser.post("/checkout", checkout_form(browser, phone="12"))
    assert Order.objects.exists()


def test_a_foreign_address_is_refused(browser, pepsi, rival_retailer):
    add(browser, pepsi, 4)
    page = browser.post("/checkout", checkout_form(browser, address=rival_retailer.addresses.get().pk))
    assert page.status_code == 200
    assert not Order.objects.exists()


def test_a_card_leads_to_the_payment_and_the_same_form_leads_there_again(browser, pepsi):
    add(browser, pepsi, 4)
    form = checkout_form(browser, payment_method="card")

    first, second = browser.post("/checkout", form), browser.post("/checkout", form)

    assert urlsplit(first["Location"]).path.startswith("/pay/")
    assert first["Location"] == second["Location"]
    page = browser.get(f"/checkout/{Checkout.objects.get().code}").text
    assert "One step left: pay" in page


def test_stock_that_ran_out_leads_back_to_the_cart_with_what_was_typed(browser, pepsi, rival_retailer):
    add(browser, pepsi, 4)
    form = checkout_form(browser, **TYPED)
    place_order(rival_retailer, (pepsi, 38))

    assert browser.post("/checkout", form)["Location"] == "/cart"
    assert "Only 2 of Pepsi 330ml are left" in browser.get("/cart").text
    assert Order.objects.count() == 1
    browser.post("/cart/change", {"product": pepsi.code, "quantity": 2})
    assert "Ring twice" in browser.get("/checkout").text
