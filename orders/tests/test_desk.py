"""An order as the desk reads it."""

import re

import pytest
from django.test import Client

from tests.goods import list_product, place_order


@pytest.mark.parametrize("language", ["en", "ar"])
def test_address_and_parties_are_lines_and_no_place_is_named_twice(admin, vendor, retailer, language):
    order = place_order(retailer, (list_product(vendor), 1))
    order.address |= {"city": "Dubai", "emirate": "DXB", "line1": "Shop 3 & 4"}
    order.save(update_fields=["address"])
    desk = Client()
    desk.force_login(admin)
    desk.cookies["django_language"] = language

    page = desk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()

    shown = re.search(r'field-delivered_to.*?<div class="readonly">(.*?)</div>', page, re.DOTALL)[1]
    lines = re.findall(r"<bdi>(.*?)</bdi>", shown)
    assert lines[-1] == {"en": "Dubai", "ar": "دبي"}[language]
    assert "Dubai" not in lines[:-1]
    assert "Shop 3 &amp; 4" in lines
    assert f"<bdi>{vendor.company_name}</bdi>" in page
    assert f"<bdi>{retailer.company_name}</bdi>" in page
    assert not re.search(r"field-(address|buyer|seller)\b", page)
