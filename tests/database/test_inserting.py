"""`insert` writes what `bulk_create` would, and tells the instances what the database added."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from aqad.lib.inserting import insert
from audit.models import Entry
from orders.models import Checkout
from payments.models import Payment


def entry(**changes):
    return Entry(actor_label="System", verb="tried", object_kind="Order", object_code="ORD1", **changes)


def checkout(retailer, user, **changes):
    given = {"status": "placed", "payment_method": "card", "total": Decimal("47.25"), **changes}
    return Checkout(retailer=retailer, placed_by=user, **given)


def test_every_kind_of_value_is_what_it_was(db):
    rows = [
        entry(data={"old": ["1.00", None], "naïve": "قهوة \\ \" '"}, address="2001:db8::1", reason="a\nb"),
        entry(data={}, address=None, request_id="r-1"),
    ]

    insert(rows)

    kept = [Entry.objects.get(pk=row.pk) for row in rows]
    assert [(each.data, each.address, each.reason, each.request_id) for each in kept] == [
        (rows[0].data, "2001:db8::1", "a\nb", ""),
        ({}, None, "", "r-1"),
    ]
    assert [each.at for each in kept] == [row.at for row in rows]  # the database's clock, told back


def test_times_keep_their_microseconds_and_money_its_places(retailer, retailer_user):
    at = datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC)
    placed = checkout(retailer, retailer_user, created_at=at, reserved_until=None)

    insert([placed])

    kept = Checkout.objects.get(pk=placed.pk)
    assert (kept.created_at, kept.total, kept.reserved_until) == (at, Decimal("47.25"), None)
    assert placed.code == kept.code


def test_keys_come_in_the_order_of_the_rows_in_one_statement(retailer, retailer_user):
    rows = [checkout(retailer, retailer_user, total=Decimal(number)) for number in range(1, 51)]

    with CaptureQueriesContext(connection) as sent:
        insert(rows)

    assert len(sent) == 1
    assert [Checkout.objects.get(pk=row.pk).total for row in rows] == [row.total for row in rows]


def test_a_row_saves_as_any_other_afterwards(retailer, retailer_user):
    placed = checkout(retailer, retailer_user)
    insert([placed])
    payment = Payment(checkout=placed, method="card", amount=placed.total, gateway="sandbox")
    insert([payment])

    payment.failure_reason = "declined"
    payment.save()

    assert Payment.objects.get().failure_reason == "declined"


def test_constraints_hold(retailer, retailer_user):
    with pytest.raises(IntegrityError):
        insert([checkout(retailer, retailer_user, total=None)])


def test_nothing_is_written_for_no_rows(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])
