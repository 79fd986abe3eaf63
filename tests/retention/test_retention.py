"""What docs/retention.md says is forgotten, is: rows and files. What is not due stays, and twice is safe."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F

from accounts.models import OneTimeLink, User
from aqad import celery_conf
from aqad.lib.files.images import clean_image
from aqad.lib.files.storage import PrivateFolderStorage, StorageUnavailable, private_keys, store_private
from audit.models import Entry
from delivery import tasks as delivery_tasks
from delivery.models import DeliveryEvent, DeliveryPartner
from notifications import tasks as notification_tasks
from notifications.models import Mail, Notification, OutboxEvent
from notifications.services import notify
from payments import tasks as payment_tasks
from payments.models import WebhookEvent
from retailers.models import Retailer
from tests import factories
from tests.goods import carry, list_product, place_order
from vendors import services as vendors
from vendors import tasks as vendor_tasks
from vendors.models import Vendor, VendorDocument
from vendors.services import retention

pytestmark = pytest.mark.django_db


def move_back(rows: Any, field: str, days: int) -> None:
    rows.update(**{field: F(field) - timedelta(days=days)})


# Messages


def told(user: User, once: str) -> OutboxEvent:
    notify(
        "order_received",
        to=[user.pk],
        about="ORD1001",
        context={"order": "ORD1001", "retailer": "Fresh Mart", "total": "10.00 AED"},
        once=once,
    )
    event = OutboxEvent.objects.get(once=once)
    OutboxEvent.objects.filter(pk=event.pk).update(status="sent")
    Notification.objects.create(user=user, event=event, kind=event.kind, title="New", body="of Fatima")
    Mail.objects.create(user=user, event=event, address=user.email, subject="New", status="sent")
    return event


def test_what_people_were_told_is_forgotten_after_its_time(retailer_user: User) -> None:
    OutboxEvent.objects.update(status="sent")
    old, new = told(retailer_user, "old"), told(retailer_user, "new")
    move_back(OutboxEvent.objects.filter(pk=old.pk), "created_at", settings.KEEP_MESSAGES_DAYS + 1)
    move_back(OutboxEvent.objects.filter(pk=new.pk), "created_at", settings.KEEP_MESSAGES_DAYS - 1)
    for _ in range(2):
        notification_tasks.forget_messages()
        assert not OutboxEvent.objects.filter(pk=old.pk).exists()
        assert {each.event_id for each in Notification.objects.all()} == {new.pk}
        assert {each.event_id for each in Mail.objects.all()} == {new.pk}


def test_what_still_waits_to_be_told_stays_however_old(retailer_user: User) -> None:
    event = told(retailer_user, "late")
    OutboxEvent.objects.filter(pk=event.pk).update(status="pending")
    move_back(OutboxEvent.objects.filter(pk=event.pk), "created_at", 5000)
    notification_tasks.forget_messages()
    assert OutboxEvent.objects.filter(pk=event.pk).exists()


# Webhooks


def test_old_webhooks_are_forgotten_and_what_waits_stays() -> None:
    for number, (status, days) in enumerate([("done", 91), ("ignored", 91), ("dead", 91), ("done", 89)]):
        WebhookEvent.objects.create(
            gateway="sandbox", event_id=str(number), type="payment.paid", status=status
        )
        move_back(WebhookEvent.objects.filter(event_id=str(number)), "received_at", days)
    WebhookEvent.objects.create(gateway="sandbox", event_id="waits", type="payment.paid", status="pending")
    move_back(WebhookEvent.objects.filter(event_id="waits"), "received_at", 500)
    for deleted in (3, 0):
        assert payment_tasks.forget_webhooks() == deleted
        assert set(WebhookEvent.objects.values_list("event_id", flat=True)) == {"3", "waits"}


# Deliveries


def carried(retailer: Retailer, vendor: Vendor, *steps: str) -> DeliveryEvent:
    """The last step of a delivery, with a place and a photo."""
    order = carry(place_order(retailer, (list_product(vendor), 4)), *steps)
    step = DeliveryEvent.objects.filter(delivery__order=order, status=steps[-1]).get()
    key = store_private(clean_image(BytesIO(factories.png_bytes())), f"deliveries/DEL{step.delivery_id}")
    DeliveryEvent.objects.filter(pk=step.pk).update(latitude="25.2", longitude="55.3", photo=key)
    step.refresh_from_db()
    return step


@pytest.fixture
def step(retailer: Retailer, vendor: Vendor, delivery_partner: DeliveryPartner) -> DeliveryEvent:
    """Goods handed over with a photo, at a place."""
    return carried(retailer, vendor, "picked_up", "out_for_delivery", "delivered")


def test_positions_go_before_photos_and_the_steps_stay(step: DeliveryEvent) -> None:
    folder = f"deliveries/DEL{step.delivery_id}"
    delivery_tasks.forget_traces()
    step.refresh_from_db()
    assert (step.latitude is None, step.photo == "") == (False, False)

    move_back(DeliveryEvent.objects.all(), "at", settings.KEEP_POSITIONS_DAYS + 1)
    delivery_tasks.forget_traces()
    step.refresh_from_db()
    assert (step.latitude, step.longitude) == (None, None)
    assert private_keys(folder) == [step.photo]

    move_back(DeliveryEvent.objects.all(), "at", settings.KEEP_PROOFS_DAYS)
    for _ in range(2):
        delivery_tasks.forget_traces()
        step.refresh_from_db()
        assert step.photo == ""
        assert private_keys(folder) == []
    assert step.status == "delivered"


@pytest.mark.parametrize(
    "steps", [("picked_up", "out_for_delivery"), ("picked_up", "out_for_delivery", "failed")]
)
def test_of_a_delivery_under_way_nothing_is_forgotten(
    retailer: Retailer, vendor: Vendor, delivery_partner: DeliveryPartner, steps: tuple[str, ...]
) -> None:
    step = carried(retailer, vendor, *steps)
    move_back(DeliveryEvent.objects.all(), "at", 5000)
    assert delivery_tasks.forget_traces() == 0
    step.refresh_from_db()
    assert step.photo
    assert step.latitude is not None


def test_a_storage_that_is_down_leaves_the_key_for_the_next_run(
    step: DeliveryEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("the disk is gone")

    move_back(DeliveryEvent.objects.all(), "at", 5000)
    with monkeypatch.context() as patched:
        patched.setattr(PrivateFolderStorage, "delete", refuse)
        with pytest.raises(StorageUnavailable):
            delivery_tasks.forget_traces()
    key = step.photo
    step.refresh_from_db()
    assert step.photo == key
    delivery_tasks.forget_traces()
    step.refresh_from_db()
    assert step.photo == ""


# Applications


@pytest.fixture
def rejected(applicant: Vendor) -> Vendor:
    for kind in VendorDocument.REQUIRED:
        vendors.reject_document(applicant, kind, note="It cannot be read.", by=None)
    vendors.reject_vendor(applicant, reason="Send papers that can be read.", by=None)
    applicant.refresh_from_db()
    return applicant


def papers_of(*vendors: Vendor) -> set[str]:
    """The files of their documents, as long as rows name them."""
    return set(VendorDocument.objects.filter(vendor__in=vendors).values_list("file", flat=True))


def stored() -> set[str]:
    return set(private_keys("vendors"))


def everything_of(vendor: Vendor) -> tuple[Any, ...]:
    person = User.objects.get(vendor_memberships__vendor=vendor)
    papers = private_keys(f"vendors/{vendor.code}")
    return (
        vendor.company_name,
        vendor.email,
        vendor.trn,
        person.email,
        person.name,
        person.access,
        len(papers),
    )


def test_a_rejected_application_is_forgotten_with_its_person_and_papers(rejected: Vendor) -> None:
    person = User.objects.get(vendor_memberships__vendor=rejected)
    assert len(papers_of(rejected) & stored()) == 2
    history = Entry.objects.count()
    move_back(Vendor.objects.filter(pk=rejected.pk), "decided_at", settings.KEEP_APPLICATIONS_DAYS + 1)
    for forgotten in (1, 0):
        assert vendor_tasks.forget_applications() == forgotten
        rejected.refresh_from_db()
        person.refresh_from_db()
        assert (rejected.email, rejected.phone, rejected.trn, rejected.trade_license_number) == (
            "",
            "",
            "",
            "",
        )
        assert rejected.company_name == "Withdrawn application"
        assert rejected.status == "rejected"
        assert (person.name, person.phone, person.access) == ("", "", "deactivated")
        assert person.email == f"forgotten-{person.pk}@closed.invalid"
        assert not person.has_usable_password()
        assert not rejected.documents.exists()
        assert stored() == set()
        assert not OneTimeLink.objects.filter(user=person).exists()
        assert not Mail.objects.filter(user=person).exists()
    assert Entry.objects.count() == history + 1  # the log itself is never rewritten


def test_who_was_forgotten_may_apply_again_with_the_same_address(rejected: Vendor) -> None:
    address = User.objects.get(vendor_memberships__vendor=rejected).email
    move_back(Vendor.objects.filter(pk=rejected.pk), "decided_at", 5000)
    vendor_tasks.forget_applications()
    assert factories.make_applicant(email=address).email == address


def test_what_is_not_due_stays(rejected: Vendor, vendor: Vendor) -> None:
    move_back(Vendor.objects.filter(pk=rejected.pk), "decided_at", settings.KEEP_APPLICATIONS_DAYS - 1)
    move_back(Vendor.objects.filter(pk=vendor.pk), "decided_at", 5000)
    before = everything_of(rejected), everything_of(vendor)
    assert vendor_tasks.forget_applications() == 0
    rejected.refresh_from_db()
    vendor.refresh_from_db()
    assert (everything_of(rejected), everything_of(vendor)) == before


def test_an_application_that_was_mended_is_not_forgotten(rejected: Vendor) -> None:
    papers = {kind: factories.clean_pdf() for kind in VendorDocument.REQUIRED}
    vendors.correct_application(rejected, documents=papers)
    move_back(Vendor.objects.filter(pk=rejected.pk), "decided_at", 5000)
    assert vendor_tasks.forget_applications() == 0
    rejected.refresh_from_db()
    assert rejected.email


def test_files_left_by_a_killed_run_go_with_the_next(
    rejected: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_back(Vendor.objects.filter(pk=rejected.pk), "decided_at", 5000)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "_delete_files", lambda: None)
        vendor_tasks.forget_applications()
    assert len(stored()) == 2
    vendor_tasks.forget_applications()
    assert stored() == set()


def test_a_replaced_paper_goes_after_its_time_and_the_one_in_force_stays(vendor: Vendor) -> None:
    kind = VendorDocument.Kind.TRADE_LICENSE
    vendors.renew_document(vendor, kind, factories.clean_pdf(), by=factories.user_of(vendor.code))
    vendors.accept_document(vendor, kind, by=None)
    papers = VendorDocument.objects.filter(vendor=vendor)
    old = papers.get(status="replaced")
    move_back(papers, "uploaded_at", settings.KEEP_PAPERS_DAYS - 1)
    assert vendor_tasks.forget_applications() == 0
    move_back(papers, "uploaded_at", 2)
    for forgotten in (1, 0):
        assert vendor_tasks.forget_applications() == forgotten
        assert old.file not in stored()
        assert set(papers.values_list("status", flat=True)) == {"accepted"}
        assert papers_of(vendor) == stored()


# All of it


def test_every_sweeper_of_the_table_is_on_the_schedule() -> None:
    table = (settings.BASE_DIR / "docs" / "retention.md").read_text()
    named = set(re.findall(r"`(\w+\.tasks\.\w+)`", table))
    scheduled = {entry["task"] for entry in celery_conf.SCHEDULE.values()}
    assert named
    assert named <= scheduled
    forgetting = {task for task in scheduled if ".forget_" in task}
    assert forgetting <= named


def test_every_time_of_the_settings_is_in_the_table() -> None:
    table = (settings.BASE_DIR / "docs" / "retention.md").read_text()
    times = {f"AQAD_{name}" for name in dir(settings) if re.fullmatch(r"KEEP_\w+_DAYS", name)}
    assert len(times) == 6
    assert times <= set(re.findall(r"`(AQAD_\w+)`", table))
