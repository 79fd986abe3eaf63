"""The reviewers' pages over HTTP: queue, one vendor, the mail before it goes, and two at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from aqad.lib.business_day import today
from audit.models import Entry
from notifications import tasks as notifications
from notifications.mailing import write
from notifications.models import Mail, OutboxEvent
from tests.factories import clean_pdf, make_admin, make_applicant, token_mailed, user_of
from tests.goods import list_product
from tests.racing import race
from vendors import services
from vendors.errors import ChangedMeanwhile
from vendors.history import version_of
from vendors.models import Vendor, VendorDocument

pytestmark = pytest.mark.django_db
LICENCE, CERTIFICATE = VendorDocument.REQUIRED


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:vendors_review{name}", args=args)


def newest(vendor: Vendor, kind: str) -> VendorDocument:
    return vendor.documents.filter(kind=kind).latest("id")


def status_of(vendor: Vendor) -> str:
    return Vendor.objects.get(pk=vendor.pk).status


def accept_all(vendor: Vendor) -> None:
    for kind in VendorDocument.REQUIRED:
        services.accept_document(vendor, kind, by=None)


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def judge(desk: Client, document: VendorDocument, step: str, **body: Any) -> Any:
    """As the form of the page does it, whose version is the present one unless given."""
    body = {"seen": version_of(document.vendor), **body}
    return desk.post(url(f"_{step}", document.vendor_id, document.pk), body)


def decide(desk: Client, vendor: Vendor, step: str, **body: Any) -> Any:
    return desk.post(url("_decide", vendor.pk, step), {"seen": version_of(vendor), **body})


# The queue -----------------------------------------------------------------------------------


def test_who_waits_longest_comes_first_and_what_is_missing_is_said(desk: Client, vendor: Vendor) -> None:
    younger, older = make_applicant(company_name="Younger LLC"), make_applicant(company_name="Older LLC")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vendors_vendor SET created_at = now() - interval '3 days' WHERE id = %s", [older.pk]
        )
    services.accept_document(younger, CERTIFICATE, by=None)
    services.renew_document(vendor, LICENCE, clean_pdf(), by=user_of(vendor.code))
    page = desk.get(url("_queue"))
    rows = page.context["rows"]
    assert [row["vendor"] for row in rows] == [older, younger, vendor]
    assert [str(row["matter"]) for row in rows] == ["New application", "New application", "Renewed document"]
    assert [len(row["missing"]) for row in rows] == [2, 1, 1]
    assert "3\xa0days" in page.text


def test_a_mended_application_waits_anew_and_shows_what_changed(desk: Client, applicant: Vendor) -> None:
    services.accept_document(applicant, CERTIFICATE, by=None)
    services.reject_document(applicant, LICENCE, note="Blurred", by=None)
    services.reject_vendor(applicant, reason="Mend it", by=None)
    assert desk.get(url("_queue")).context["rows"] == []
    services.correct_application(
        applicant, documents={LICENCE: clean_pdf()}, company_name="Newer Foods LLC", emirate=applicant.emirate
    )
    (row,) = desk.get(url("_queue")).context["rows"]
    assert str(row["matter"]) == "Sent again"
    assert row["vendor"].since > applicant.created_at
    shown = desk.get(url("", applicant.pk)).context
    assert [tuple(map(str, each)) for each in shown["corrections"]] == [
        ("Company name", "New Foods LLC", "Newer Foods LLC"),
        ("Trade licence", "", ""),
    ]
    assert shown["shown"] == newest(applicant, LICENCE)


def test_what_runs_out_is_listed_soonest_first(desk: Client, vendor: Vendor, rival_vendor: Vendor) -> None:
    for each, days in ((vendor, 40), (rival_vendor, -3)):
        each.documents.filter(kind=LICENCE).update(expiry_date=today() + timedelta(days=days))
    services.pause_lapsed_vendors()
    services.renew_document(rival_vendor, LICENCE, clean_pdf(), by=user_of(rival_vendor.code))
    rows = desk.get(url("_running_out")).context["rows"]
    assert [(row[0].vendor, row[0].renewal_waits, row[2]) for row in rows] == [
        (rival_vendor, True, True),
        (vendor, False, False),
    ]


# One vendor on one screen --------------------------------------------------------------------


def states(desk: Client, vendor: Vendor) -> dict[str, str]:
    return {each.name: each.state for each in desk.get(url("", vendor.pk)).context["checks"]}


def test_checks_are_made_before_a_person_looks(desk: Client, applicant: Vendor) -> None:
    found = states(desk, applicant)
    assert set(found) == {"trn", "licence", "email", "phone", "trade_license_number", "file"}
    assert (found["licence"], found["email"], found["file"]) == ("look", "good", "good")
    paper = newest(applicant, LICENCE)
    VendorDocument.objects.filter(pk=paper.pk).update(expiry_date=today() - timedelta(days=1))
    twin = make_applicant(
        company_name="Twin LLC",
        phone=applicant.phone,
        trade_license_number=applicant.trade_license_number.lower(),
    )
    VendorDocument.objects.filter(vendor=twin).update(sha256=paper.sha256)
    page = desk.get(url("", applicant.pk))
    found = {each.name: each for each in page.context["checks"]}
    assert found["licence"].state == "bad"
    for name in ("phone", "trade_license_number", "file"):
        assert found[name].others == [twin]
        assert found[name].state != "good"
    assert url("", twin.pk) in page.text


def test_a_document_is_shown_in_our_frame_and_in_nobody_elses(desk: Client, applicant: Vendor) -> None:
    document = newest(applicant, LICENCE)
    file = desk.get(url("_file", applicant.pk, document.pk))
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert file["X-Frame-Options"] == "SAMEORIGIN"
    assert file["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert "no-store" in file["Cache-Control"]
    page = desk.get(url("", applicant.pk))
    assert page["X-Frame-Options"] == "DENY"
    assert url("_file", applicant.pk, document.pk) in page.text
    other = make_applicant()
    assert desk.get(url("_file", other.pk, document.pk)).status_code == 404


def test_the_page_costs_the_same_however_much_happened(desk: Client, applicant: Vendor) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(url("", applicant.pk))
        return len(captured)

    first = statements()
    for _each in range(4):
        services.reject_document(applicant, LICENCE, note="Blurred", by=None)
        services.accept_document(applicant, LICENCE, by=None)
        make_applicant()
    assert statements() <= first + 1


# Documents -----------------------------------------------------------------------------------


def test_accepting_a_licence_takes_its_last_day(desk: Client, applicant: Vendor, admin: User) -> None:
    licence = newest(applicant, LICENCE)
    refused = judge(desk, licence, "accept")
    assert refused.status_code == 400
    assert "accept_expiry_date_error" in refused.text
    assert newest(applicant, LICENCE).status == "pending"
    assert judge(desk, licence, "accept", expiry_date="2099-01-31").status_code == 302
    licence.refresh_from_db()
    assert (licence.status, str(licence.expiry_date), licence.decided_by) == ("accepted", "2099-01-31", admin)
    assert judge(desk, newest(applicant, CERTIFICATE), "accept").status_code == 302


def test_a_licence_that_ran_out_is_not_accepted_and_what_was_typed_stays(
    desk: Client, applicant: Vendor
) -> None:
    answer = judge(desk, newest(applicant, LICENCE), "accept", expiry_date="2020-01-31")
    assert answer.status_code == 409
    assert "has run out" in answer.text
    assert 'value="2020-01-31"' in answer.text
    assert newest(applicant, LICENCE).status == "pending"


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "A page or part of the document is missing. Send all of it. Page 2"),
        ("ar", "تنقص صفحة أو جزء من المستند. أرسله كاملًا. Page 2"),
    ],
)
def test_a_ready_made_reason_is_written_in_the_vendors_language(
    desk: Client, language: str, note: str
) -> None:
    vendor = make_applicant(language=language)
    answer = judge(desk, newest(vendor, LICENCE), "reject", ready="incomplete", words="Page 2")
    assert answer.status_code == 302
    assert (newest(vendor, LICENCE).status, newest(vendor, LICENCE).note) == ("rejected", note)


def test_a_rejection_needs_a_reason(desk: Client, applicant: Vendor) -> None:
    answer = judge(desk, newest(applicant, LICENCE), "reject", words="  ")
    assert answer.status_code == 400
    assert "the vendor reads it" in answer.text
    assert newest(applicant, LICENCE).status == "pending"


# Decisions -----------------------------------------------------------------------------------


def sent_mail(vendor: Vendor) -> str:
    """The text that left, with the secret of a link blotted out."""
    notifications.sweep_outbox()
    body = str(write(Mail.objects.filter(event__about=vendor.code).latest("id")).body)
    return re.sub(r"(/apply/)\S+", r"\1•••", body)


@pytest.mark.parametrize("step", ["approve", "reject", "suspend", "reinstate"])
def test_the_mail_is_shown_word_for_word_before_it_goes(desk: Client, step: str) -> None:
    vendor = make_applicant(language="ar")
    accept_all(vendor)
    if step == "reject":
        services.reject_document(vendor, LICENCE, note="Blurred", by=None)
    if step in ("suspend", "reinstate"):
        services.approve_vendor(vendor, by=None)
    if step == "reinstate":
        services.suspend_vendor(vendor, reason="Complaints", by=None)
    told, was = OutboxEvent.objects.count(), status_of(vendor)
    page = desk.get(url("_decide", vendor.pk, step))
    reason = {"ready": "documents" if step == "reject" else "wish", "words": "Ring us."}
    if step in ("reject", "suspend"):
        assert page.context["mails"] == []
        page = decide(desk, vendor, step, **reason, send="")
        reason["shown"] = page.context["form"]["shown"].value()
    (mail,) = page.context["mails"]
    assert (OutboxEvent.objects.count(), status_of(vendor)) == (told, was)
    assert decide(desk, vendor, step, **reason, send="").status_code == 302
    assert status_of(vendor) != was
    assert OutboxEvent.objects.count() == told + 1
    assert mail.text == sent_mail(vendor)
    assert mail.language == "ar"


def test_words_that_changed_since_the_mail_was_shown_are_shown_again(desk: Client, vendor: Vendor) -> None:
    first = decide(desk, vendor, "suspend", words="Complaints", preview="")
    shown = first.context["form"]["shown"].value()
    again = decide(desk, vendor, "suspend", words="Many complaints", shown=shown, send="")
    assert "Many complaints" in again.context["mails"][0].text
    assert status_of(vendor) == "active"


def test_a_decision_leads_on_to_who_waits_next(desk: Client, applicant: Vendor) -> None:
    following = make_applicant()
    accept_all(applicant)
    answer = decide(desk, applicant, "approve", send="")
    assert answer["Location"] == url("", following.pk)
    assert Entry.objects.filter(verb="approved", object_code=applicant.code).count() == 1


def test_nobody_is_approved_before_the_documents(desk: Client, applicant: Vendor) -> None:
    assert url("_decide", applicant.pk, "approve") not in desk.get(url("", applicant.pk)).text
    answer = decide(desk, applicant, "approve", send="")
    assert answer.status_code == 409
    assert status_of(applicant) == "pending_approval"
    assert desk.get(url("_decide", applicant.pk, "promote")).status_code == 404
    assert desk.get(url("_decide", applicant.pk, "suspend")).status_code == 302


def test_a_suspended_vendors_products_vanish_at_once(desk: Client, vendor: Vendor, client: Client) -> None:
    product = list_product(vendor)
    assert client.get(f"/products/{product.code}").status_code == 200
    shown = decide(desk, vendor, "suspend", words="Complaints").context["form"]["shown"].value()
    decide(desk, vendor, "suspend", words="Complaints", shown=shown, send="")
    assert Client().get(f"/products/{product.code}").status_code == 404
    assert Client().get("/api/products").json()["results"] == []


# Two at once ---------------------------------------------------------------------------------


def test_who_comes_second_is_told_what_the_first_did_and_changes_nothing(
    desk: Client, applicant: Vendor
) -> None:
    licence = newest(applicant, LICENCE)
    seen = version_of(applicant)
    mona = make_admin(name="Mona")
    services.accept_document(applicant, LICENCE, by=mona, expiry_date=today() + timedelta(days=99))
    answer = judge(desk, licence, "reject", seen=seen, words="Blurred, I think")
    assert answer.status_code == 409
    (line,) = answer.context["news"]
    assert (line["entry"].actor, line["deed"]) == (mona, "Accepted the document")
    assert "Somebody was faster" in answer.text
    assert "Blurred, I think" in answer.text
    licence.refresh_from_db()
    assert (licence.status, licence.note) == ("accepted", "")
    refused = decide(desk, applicant, "reject", seen=seen, words="No", shown="No", send="")
    assert refused.status_code == 409
    assert status_of(applicant) == "pending_approval"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(guarded: bool) -> None:
    """Without the version both decide, one over the other: the control."""
    vendor = make_applicant()
    seen = version_of(vendor) if guarded else None
    sara, mona = make_admin(), make_admin()
    outcomes = race(
        [
            lambda: services.accept_document(vendor, LICENCE, by=sara, seen=seen),
            lambda: services.reject_document(vendor, LICENCE, note="Blurred", by=mona, seen=seen),
        ]
    )
    refused = [each for each in outcomes if isinstance(each, ChangedMeanwhile)]
    decided = Entry.objects.filter(object_code=f"{vendor.code}/{LICENCE}").count()
    assert (len(refused), decided) == ((1, 1) if guarded else (0, 2))


def test_who_else_has_it_open_is_told_softly(desk: Client, applicant: Vendor) -> None:
    other = Client()
    other.force_login(make_admin(name="Mona"))
    other.get(url("", applicant.pk))
    assert [each.name for each in desk.get(url("", applicant.pk)).context["others"]] == ["Mona"]


# Who may ---------------------------------------------------------------------------------------


def test_staff_see_and_do_only_what_they_have_the_right_to(applicant: Vendor, vendor: Vendor) -> None:
    clerk = make_admin()
    User.objects.filter(pk=clerk.pk).update(is_superuser=False)
    client, licence = Client(), newest(applicant, LICENCE)
    client.force_login(User.objects.get(pk=clerk.pk))
    pages = [url("_queue"), url("_running_out"), url("", applicant.pk)]
    file = url("_file", applicant.pk, licence.pk)
    assert {client.get(page).status_code for page in (*pages, file)} == {403}
    clerk.user_permissions.add(Permission.objects.get(codename="view_vendor"))
    assert {client.get(page).status_code for page in (*pages, file)} == {403}
    clerk.user_permissions.add(Permission.objects.get(codename="view_vendordocument"))
    assert {client.get(page).status_code for page in pages} == {200}
    shown = client.get(url("", applicant.pk)).context
    assert (shown["steps"], shown.get("accept_form")) == ([], None)
    assert client.get(url("_decide", vendor.pk, "suspend")).status_code == 403
    assert decide(client, vendor, "suspend", words="No", shown="No", send="").status_code == 403
    assert judge(client, licence, "reject", words="No").status_code == 403
    assert (status_of(vendor), newest(applicant, LICENCE).status) == ("active", "pending")


@pytest.mark.parametrize("who", ["vendor_user", "retailer_user", "driver_user"])
def test_nobody_else_gets_in(request: pytest.FixtureRequest, applicant: Vendor, who: str) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    licence = newest(applicant, LICENCE)
    for path in (url("_queue"), url("", applicant.pk), url("_file", applicant.pk, licence.pk)):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]
    assert judge(client, licence, "reject", words="No").status_code == 302
    assert newest(applicant, LICENCE).status == "pending"


def test_the_rejection_mails_link_takes_the_document_again(desk: Client, applicant: Vendor) -> None:
    services.accept_document(applicant, CERTIFICATE, by=None)
    judge(desk, newest(applicant, LICENCE), "reject", ready="unreadable")
    shown = decide(desk, applicant, "reject", ready="documents").context["form"]["shown"].value()
    decide(desk, applicant, "reject", ready="documents", shown=shown, send="")
    page = Client().get(f"/apply/{token_mailed('vendor_rejected')}")
    assert page.status_code == 200
    assert "The document cannot be read" in page.text
