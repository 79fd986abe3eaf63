"""Papers that run out: reminders, the pause of selling, and selling again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from aqad.lib.business_day import today
from audit.models import Entry
from notifications.models import OutboxEvent
from operations.reconcile import disagreements
from tests.factories import clean_pdf, make_admin, pdf_bytes, user_of
from tests.goods import list_product
from tests.racing import race
from vendors import services
from vendors.models import Vendor, VendorDocument

pytestmark = pytest.mark.django_db
LICENCE = VendorDocument.Kind.TRADE_LICENSE


def ends_in(vendor: Vendor, days: int) -> None:
    """Let time pass until the accepted licence is this near its last day."""
    licence = vendor.documents.filter(kind=LICENCE, status="accepted")
    licence.update(expiry_date=today() + timedelta(days=days))


def told(kind: str) -> int:
    return OutboxEvent.objects.filter(kind=kind).count()


def is_paused(vendor: Vendor) -> bool:
    return Vendor.objects.get(pk=vendor.pk).selling_paused_at is not None


def seen(api: APIClient) -> list[str]:
    return [product["id"] for product in api.get("/api/products").json()["results"]]


def renew(vendor: Vendor, **fields: Any) -> VendorDocument:
    return services.renew_document(vendor, LICENCE, clean_pdf(), by=user_of(vendor.code), **fields)


def test_selling_ends_after_the_last_day_and_not_on_it(vendor: Vendor, anonymous_api: APIClient) -> None:
    product = list_product(vendor)
    ends_in(vendor, 0)
    assert services.pause_lapsed_vendors() == 0
    assert seen(anonymous_api) == [product.code]
    ends_in(vendor, -1)
    assert services.pause_lapsed_vendors() == 1
    assert seen(anonymous_api) == []
    assert anonymous_api.get(f"/api/products/{product.code}").status_code == 404
    entry = Entry.objects.get(verb="paused")
    assert (entry.object_code, entry.reason, entry.actor) == (
        vendor.code,
        "A required document has run out.",
        None,
    )
    assert told("vendor_paused") == 1
    assert services.pause_lapsed_vendors() == 0


def test_a_paused_vendor_still_signs_in_and_works_on_what_it_has(
    vendor: Vendor, vendor_api: APIClient
) -> None:
    product = list_product(vendor)
    ends_in(vendor, -1)
    services.pause_lapsed_vendors()
    profile = vendor_api.get("/api/vendor/profile").json()
    assert (profile["status"], profile["selling_paused_at"] is None) == ("active", False)
    assert vendor_api.get(f"/api/products/{product.code}").status_code == 200
    assert vendor_api.get("/api/orders").status_code == 200


def test_what_a_paused_vendor_has_cannot_be_ordered(
    vendor: Vendor, retailer_api: APIClient, retailer
) -> None:
    product = list_product(vendor)
    ends_in(vendor, -1)
    services.pause_lapsed_vendors()
    order = {
        "items": [{"product": product.code, "quantity": 10}],
        "address": retailer.addresses.get().pk,
        "payment_method": "cash_on_delivery",
    }
    answer = retailer_api.post("/api/orders", order, headers={"Idempotency-Key": "one"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["items.0.product"])
    product.stock.refresh_from_db()
    assert product.stock.reserved == 0


def test_accepting_the_renewal_puts_the_goods_on_sale_again(
    vendor: Vendor, admin_api: APIClient, vendor_api: APIClient, anonymous_api: APIClient
) -> None:
    product = list_product(vendor)
    ends_in(vendor, -1)
    services.pause_lapsed_vendors()
    ends = today() + timedelta(days=365)
    file = SimpleUploadedFile("renewed.pdf", pdf_bytes())
    body = {"file": file, "expiry_date": ends.isoformat()}
    sent = vendor_api.post(f"/api/vendor/documents/{LICENCE}", body, format="multipart")
    assert (sent.status_code, sent.json()["expiry_date"]) == (201, ends.isoformat())
    assert seen(anonymous_api) == []
    assert admin_api.post(f"/api/vendors/{vendor.code}/documents/{LICENCE}/accept").status_code == 200
    assert seen(anonymous_api) == [product.code]
    assert not is_paused(vendor)
    assert told("vendor_resumed") == 1
    assert Entry.objects.filter(verb="resumed", object_code=vendor.code).count() == 1
    assert Vendor.objects.get(pk=vendor.pk).trade_license_expiry_date == ends


def test_a_document_that_ran_out_is_neither_sent_nor_accepted(
    vendor: Vendor, vendor_api: APIClient, admin_api: APIClient
) -> None:
    ends_in(vendor, -1)
    services.pause_lapsed_vendors()
    over = (today() - timedelta(days=1)).isoformat()
    body = {"file": SimpleUploadedFile("old.pdf", pdf_bytes()), "expiry_date": over}
    sent = vendor_api.post(f"/api/vendor/documents/{LICENCE}", body, format="multipart")
    assert (sent.status_code, list(sent.json()["errors"])) == (400, ["expiry_date"])
    renew(vendor)
    path = f"/api/vendors/{vendor.code}/documents/{LICENCE}/accept"
    answer = admin_api.post(path, {"expiry_date": over})
    assert (answer.status_code, answer.json()["code"]) == (409, "document_run_out")
    assert is_paused(vendor)
    assert admin_api.post(path, {"expiry_date": "2099-01-31"}).status_code == 200
    assert not is_paused(vendor)


def test_an_application_whose_licence_ran_out_meanwhile_is_not_approved(
    applicant: Vendor, admin_api: APIClient
) -> None:
    for kind in VendorDocument.REQUIRED:
        services.accept_document(applicant, kind, by=None)
    ends_in(applicant, -1)
    answer = admin_api.post(f"/api/vendors/{applicant.code}/approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "documents_pending")
    assert Vendor.objects.get(pk=applicant.pk).status == "pending_approval"


def test_a_document_rejected_afterwards_pauses_too_and_a_valid_other_one_is_not_enough(
    vendor: Vendor,
) -> None:
    services.reject_document(vendor, LICENCE, note="Forged", by=make_admin())
    assert is_paused(vendor)
    services.reject_document(vendor, VendorDocument.Kind.VAT_CERTIFICATE, note="Blurred", by=None)
    services.accept_document(vendor, LICENCE, by=None)
    assert is_paused(vendor)
    services.accept_document(vendor, VendorDocument.Kind.VAT_CERTIFICATE, by=None)
    assert not is_paused(vendor)


def test_a_suspended_vendor_is_settled_when_it_is_reinstated(vendor: Vendor) -> None:
    services.suspend_vendor(vendor, reason="Complaints", by=None)
    ends_in(vendor, -1)
    assert services.pause_lapsed_vendors() == 0
    services.reinstate_vendor(vendor, by=None)
    assert is_paused(vendor)
    services.suspend_vendor(vendor, reason="Complaints", by=None)
    renew(vendor)
    services.accept_document(vendor, LICENCE, by=None, expiry_date=today() + timedelta(days=90))
    services.reinstate_vendor(vendor, by=None)
    assert not is_paused(vendor)


def test_three_reminders_go_out_each_once(vendor: Vendor) -> None:
    for days, due in ((61, 0), (60, 1), (31, 1), (30, 2), (8, 2), (7, 3), (0, 3), (-1, 3)):
        ends_in(vendor, days)
        services.remind_of_expiry()
        services.remind_of_expiry()
        assert told("document_runs_out") == due, days
    reminder = OutboxEvent.objects.filter(kind="document_runs_out").latest("id")
    assert reminder.recipients == [vendor.code]
    assert reminder.context["documents"][0]["kind"] == LICENCE


def test_a_vendor_who_joins_late_hears_only_the_latest_reminder(vendor: Vendor) -> None:
    ends_in(vendor, 20)
    assert services.remind_of_expiry() == 1
    assert vendor.documents.get(kind=LICENCE).reminded_days == 30
    ends_in(vendor, 5)
    assert services.remind_of_expiry() == 1


def test_nobody_is_reminded_while_the_renewal_waits_or_without_a_day(
    vendor: Vendor, applicant: Vendor
) -> None:
    ends_in(vendor, 20)
    renew(vendor, expiry_date=today() + timedelta(days=400))
    assert services.remind_of_expiry() == 0
    services.reject_document(vendor, LICENCE, note="Blurred", by=None)
    assert services.remind_of_expiry() == 1
    Vendor.objects.filter(pk=vendor.pk).update(status="suspended")
    ends_in(vendor, 5)
    assert services.remind_of_expiry() == 0


def test_reconcile_names_who_sells_without_papers_and_who_is_paused_with_them(vendor: Vendor) -> None:
    def found() -> list[str]:
        return [each.row["vendor"] for each in disagreements() if "valid papers" in each.invariant]

    assert found() == []
    ends_in(vendor, -2)
    assert found() == [vendor.code]
    services.pause_lapsed_vendors()
    assert found() == []
    ends_in(vendor, 30)
    assert found() == [vendor.code]


@pytest.mark.django_db(transaction=True)
def test_sweepers_that_race_pause_and_remind_once(vendor: Vendor, rival_vendor: Vendor) -> None:
    ends_in(vendor, -1)
    ends_in(rival_vendor, 6)
    counts = race([services.pause_lapsed_vendors, services.remind_of_expiry] * 4)
    assert sum(counts) == 2
    assert (told("vendor_paused"), told("document_runs_out")) == (1, 1)
    assert is_paused(vendor)
    assert not is_paused(rival_vendor)
