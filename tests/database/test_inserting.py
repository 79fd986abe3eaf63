"""`insert` writes what `bulk_create` would, and tells the instances what the database added."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from aqad.lib.inserting import draw_keys, insert, next_key, together
from audit.models import Entry
from notifications.models import OutboxEvent
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


def test_several_models_are_written_in_one_statement_and_told_of_their_defaults(retailer, retailer_user):
    (key,) = draw_keys(Checkout, 1)
    placed = checkout(retailer, retailer_user, pk=key)
    payments = [
        Payment(checkout=placed, method="card", amount=Decimal(amount), gateway="sandbox", status="failed")
        for amount in (1, 2)
    ]
    told = entry(data={})

    with CaptureQueriesContext(connection) as sent, together():
        insert(payments)  # before what they name: keys are compared when the transaction ends
        insert([placed])
        insert([told])

    assert len(sent) == 1
    assert Checkout.objects.get().pk == key
    assert [Payment.objects.get(pk=each.pk).amount for each in payments] == [1, 2]
    assert Entry.objects.get(pk=told.pk).at == told.at


def test_nothing_is_written_together_after_an_error(retailer, retailer_user):
    def fail():
        insert([checkout(retailer, retailer_user)])
        raise LookupError

    with pytest.raises(LookupError), together():
        fail()

    insert([entry(data={})])  # at once again

    assert not Checkout.objects.exists()
    assert Entry.objects.filter(verb="tried").count() == 1


def test_a_row_that_is_there_already_is_left_as_it_is(db):
    def event(about):
        return OutboxEvent(kind="k", recipients=["V1"], about=about, once="only once")

    insert([event("first")], unless_there=True)
    insert([event("second")], unless_there=True)

    assert OutboxEvent.objects.get().about == "first"


def test_drawn_keys_are_nobody_elses(retailer, retailer_user):
    keys = draw_keys(Checkout, 3)
    read = User.objects.annotate(key=next_key(Checkout)).get(pk=retailer_user.pk).key
    placed = checkout(retailer, retailer_user)
    insert([placed])

    assert [*keys, read, placed.pk] == list(range(keys[0], keys[0] + 5))


def test_no_keys_take_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert draw_keys(Checkout, 0) == []
