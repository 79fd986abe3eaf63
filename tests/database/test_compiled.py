"""A compiled queryset answers what the queryset itself would."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count, F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.models import TokenFamily, User
from aqad.lib.compiled import Compiled, CompiledUpdate
from catalog.models import Product
from tests.goods import list_product


def with_vendor(*keys):
    rows = Product.objects.filter(pk__in=keys).select_related("vendor").annotate(tiers=Count("price_tiers"))
    return rows.order_by("pk")


@pytest.mark.parametrize("number", [1, 2, 5])
def test_rows_relations_and_annotations_are_those_of_the_queryset(vendor, number):
    keys = [
        list_product(vendor, price_tiers=[{"min_quantity": 10, "price": "40.00"}]).pk for _ in range(number)
    ]
    compiled = Compiled(with_vendor)
    compiled(*reversed(keys))  # made with other keys

    with CaptureQueriesContext(connection) as sent:
        found = compiled(*keys)
        names = [(row.pk, row.name, row.price, row.vendor.company_name, row.tiers) for row in found]

    assert names == [(row.pk, row.name, row.price, row.vendor.company_name, 1) for row in with_vendor(*keys)]
    assert found == list(with_vendor(*keys))
    assert len(sent) == 1


def test_a_key_may_be_a_uuid(retailer_api, retailer_user):
    family = TokenFamily.objects.create(
        user=retailer_user, current_jti="x", token_version=0, expires_at="2099-01-01T00:00Z"
    )
    of_family = Compiled(lambda key: User.objects.filter(token_families__pk=uuid.UUID(int=key)))

    assert of_family(family.pk) == [retailer_user]
    assert of_family(uuid.uuid4()) == []


@pytest.mark.django_db(transaction=True)
def test_threads_have_statements_of_their_own(vendor):
    product = list_product(vendor)
    compiled = Compiled(lambda key: Product.objects.filter(pk=key))

    def ask(_turn):
        try:
            return [row.pk for row in compiled(product.pk)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(20))) == [[product.pk]] * 20


def test_an_update_changes_the_rows_of_its_keys_as_the_queryset_would(vendor):
    first, second, third = (list_product(vendor) for _ in range(3))
    rename = CompiledUpdate(
        lambda *keys: Product.objects.filter(pk__in=keys),
        name="New",
        updated_at=Now(),
        lead_time_days=F("order_multiple") + 6,
    )
    before = third.updated_at

    assert rename(first.pk, second.pk) == 2
    assert rename(second.pk, 1) == 1  # with other keys, prepared or not

    kept = Product.objects.in_bulk()
    assert [kept[each.pk].name for each in (first, second, third)] == ["New", "New", third.name]
    assert kept[second.pk].lead_time_days == second.order_multiple + 6
    assert kept[first.pk].updated_at > before == kept[third.pk].updated_at
