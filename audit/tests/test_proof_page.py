"""Staff prove the audit log in the browser."""

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Seal

pytestmark = pytest.mark.django_db
PAGE = "/admin/audit/seal/verify/"


def test_staff_see_that_the_log_holds_and_what_is_not_sealed(admin: User, client: Client) -> None:
    client.force_login(admin)
    page = client.get(PAGE).content.decode()
    assert "The audit log is as it was written." in page
    assert "Not sealed yet" in page


def test_staff_see_what_is_wrong(admin: User, client: Client) -> None:
    Seal.objects.create(number=1, first_id=1, last_id=0, count=0, digests=b"", hash="forged")
    client.force_login(admin)
    assert "seal 1 was changed" in client.get(PAGE).content.decode()


def test_staff_without_the_right_and_others_do_not(client: Client, retailer: User) -> None:
    client.force_login(User.objects.get(code=retailer.code))
    assert client.get(PAGE).status_code == 302
    clerk = User.objects.create_user("clerk@aqad.example", role="admin", is_staff=True)
    client.force_login(clerk)
    assert client.get(PAGE).status_code == 403
