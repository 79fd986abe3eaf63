import re
from typing import Any

import pytest
from django.contrib import admin as site
from django.test import Client
from django.urls import reverse

from accounts import services as accounts
from accounts.models import TokenFamily, User
from notifications.models import OutboxEvent
from retailers.models import Retailer
from tests.factories import PASSWORD, make_admin, user_of
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

APPS = ("accounts", "vendors", "retailers")


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    """The admin site with an admin before it."""
    client.force_login(admin)
    return client


def do(desk: Client, model: str, action: str, row: Any, reason: str = ""):
    body = {"action": action, "_selected_action": [row.pk], "reason": reason, "password_again": PASSWORD}
    return desk.post(reverse(f"admin:{model}_changelist"), body, follow=True)


def mine() -> list[Any]:
    return [model for model in site.site._registry if model._meta.app_label in APPS]


def test_every_model_is_in_the_admin():
    registered = {model.__name__ for model in mine()}
    assert registered == {
        *("User", "TokenFamily", "PageSession", "OneTimeLink", "LinkRequest", "IdempotencyKey"),
        *("Vendor", "VendorDocument", "VendorMember", "Retailer", "RetailerMember", "Address"),
    }


def test_every_list_and_row_opens_without_inline_code(desk: Client, vendor: Vendor, retailer: Retailer):
    pages = [desk.get("/admin/")]
    for model in mine():
        name = f"admin:{model._meta.label_lower.replace('.', '_')}"
        pages.append(desk.get(reverse(f"{name}_changelist"), {"q": "mart"}))
        if row := model.objects.first():
            pages.append(desk.get(reverse(f"{name}_change", args=[row.pk])))
    for page in pages:
        assert page.status_code == 200
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style", page.text)


def test_a_vendor_is_found_by_its_code(desk: Client, vendor: Vendor, rival_vendor: Vendor):
    page = desk.get(reverse("admin:vendors_vendor_changelist"), {"q": vendor.code})
    assert "Ahmed Foods LLC" in page.text
    assert "Gulf Trading LLC" not in page.text


def test_documents_open_by_a_signed_link(desk: Client, vendor: Vendor):
    page = desk.get(reverse("admin:vendors_vendordocument_changelist"))
    assert re.search(r'href="http[^"]*/files/[^"]+" target="_blank" rel="noopener"', page.text)


def test_vendors_are_decided_about_one_by_one_and_never_from_the_list(desk: Client, applicant: Vendor):
    for model, harmless in (("vendors_vendor", {"", "export"}), ("vendors_vendordocument", None)):
        form = desk.get(reverse(f"admin:{model}_changelist")).context["action_form"]
        offered = form and {name for name, _label in form.fields["action"].choices}
        assert offered == harmless
    assert reverse("admin:vendors_review_queue") in desk.get(reverse("admin:vendors_vendor_changelist")).text
    row = desk.get(reverse("admin:vendors_vendor_change", args=[applicant.pk]))
    assert reverse("admin:vendors_review", args=[applicant.pk]) in row.text


def test_a_retailer_is_suspended_and_reinstated(desk: Client, retailer: Retailer):
    do(desk, "retailers_retailer", "suspend", retailer, "Unpaid")
    assert user_of(retailer.code).access == "suspended"
    do(desk, "retailers_retailer", "reinstate", retailer)
    assert user_of(retailer.code).access == "active"


def test_a_person_is_signed_out_mailed_a_link_and_deactivated(desk: Client, retailer_user: User):
    accounts.sign_in(retailer_user.email, PASSWORD)
    do(desk, "accounts_user", "end_sessions", retailer_user, "Lost telephone")
    assert TokenFamily.objects.get().ended_because == "by staff"
    do(desk, "accounts_user", "send_reset_link", retailer_user)
    accounts.answer_link_requests()
    assert OutboxEvent.objects.filter(kind="password_reset").count() == 1
    do(desk, "accounts_user", "deactivate", retailer_user, "Asked for it")
    assert User.objects.get(pk=retailer_user.pk).access == "deactivated"


def test_nobody_deactivates_oneself(desk: Client, admin: User):
    do(desk, "accounts_user", "deactivate", admin, "By mistake")
    assert User.objects.get(pk=admin.pk).access == "active"


def test_a_status_cannot_be_posted(desk: Client, vendor: Vendor, retailer_user: User):
    path = reverse("admin:vendors_vendor_change", args=[vendor.pk])
    form = {
        name: "" if getattr(vendor, name) is None else getattr(vendor, name)
        for name in desk.get(path).context["adminform"].form.fields
    }
    counts = {"documents-TOTAL_FORMS": "0", "documents-INITIAL_FORMS": "0"}
    answer = desk.post(path, {**form, **counts, "company_name": "Renamed LLC", "status": "suspended"})
    assert answer.status_code == 302
    vendor.refresh_from_db()
    assert (vendor.status, vendor.company_name) == ("active", "Renamed LLC")
    path = reverse("admin:accounts_user_change", args=[retailer_user.pk])
    body = {"name": "Fatima", "language": "ar", "access": "suspended", "is_superuser": "on", "role": "admin"}
    assert desk.post(path, body).status_code == 302
    retailer_user.refresh_from_db()
    assert (retailer_user.language, retailer_user.access, retailer_user.role) == ("ar", "active", "retailer")
    assert not retailer_user.is_superuser


def test_nothing_but_an_invitation_is_added_and_nothing_deleted_by_hand(
    desk: Client, vendor: Vendor, retailer: Retailer
):
    for model in mine():
        name = f"admin:{model._meta.label_lower.replace('.', '_')}"
        assert desk.get(reverse(f"{name}_add")).status_code == (200 if model is User else 403)
        if row := model.objects.first():
            assert desk.get(reverse(f"{name}_delete", args=[row.pk])).status_code == 403


def test_staff_without_rights_see_nothing(client: Client, vendor: Vendor):
    clerk = make_admin()
    User.objects.filter(pk=clerk.pk).update(is_superuser=False)
    client.force_login(clerk)
    for model in mine():
        path = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
        assert client.get(path).status_code == 403
