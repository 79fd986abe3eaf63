"""The people and companies of the tests, made as the product makes them: through services."""

import itertools
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group
from PIL import Image
from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.models import User
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.tokens import token_for
from delivery import services as delivery
from delivery.models import DeliveryPartner
from notifications.models import OutboxEvent
from retailers import services as retailers
from retailers.models import Retailer
from vendors import services as vendors
from vendors.models import Vendor, VendorDocument

PASSWORD = "seven-camels-at-dawn"
ADDRESS = {"line1": "Shop 4, Al Rigga Road", "area": "Deira", "city": "Dubai", "emirate": "DXB"}

_numbers = itertools.count(1)


def clean_pdf() -> CleanFile:
    """A document as if it had passed the checks."""
    return CleanFile(b"%PDF-1.4 a licence " + str(next(_numbers)).encode(), "application/pdf", "pdf")


def pdf_bytes() -> bytes:
    """A document that passes the checks."""
    paper = BytesIO()
    Image.new("RGB", (60, 80), "white").save(paper, "PDF")
    return paper.getvalue()


def png_bytes(width: int = 40, height: int = 40) -> bytes:
    """A picture that passes the checks."""
    picture = BytesIO()
    Image.new("RGB", (width, height), "teal").save(picture, "PNG")
    return picture.getvalue()


def make_admin(**fields: Any) -> User:
    """A superuser, active."""
    number = next(_numbers)
    person = {"email": f"admin{number}@aqad.example", "name": f"Sara Admin {number}", **fields}
    user = accounts.create_user(**{"password": PASSWORD, "role": User.Role.ADMIN, **person})
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    user.refresh_from_db()
    return user


def make_staff(role: str, **fields: Any) -> User:
    """A staff member with one of the roles of `aqad.roles`."""
    number = next(_numbers)
    person = {"email": f"{role.lower()}{number}@aqad.example", "name": f"{role} {number}", **fields}
    user = accounts.create_user(**{"password": PASSWORD, "role": User.Role.ADMIN, **person})
    user.groups.add(Group.objects.get(name=role))
    return user


def make_applicant(**fields: Any) -> Vendor:
    """A vendor that waits for approval, with both documents."""
    number = next(_numbers)
    return vendors.register_vendor(
        **{
            "email": f"vendor{number}@foods.example",
            "password": PASSWORD,
            "name": f"Ahmed {number}",
            "phone": "+971501234567",
            "company_name": f"Ahmed Foods {number} LLC",
            "trade_license_number": f"DED-{number}",
            "trn": "100123456700003",
            "emirate": "DXB",
            "address": "Warehouse 9, Al Quoz",
            "documents": {kind: clean_pdf() for kind in VendorDocument.REQUIRED},
            **fields,
        }
    )


def make_vendor(*, by: User | None = None, **fields: Any) -> Vendor:
    """An active vendor, approved by `by` or by the system."""
    vendor = make_applicant(**fields)
    for kind in VendorDocument.REQUIRED:
        vendors.accept_document(vendor, kind, by=by)
    return vendors.approve_vendor(vendor, by=by)


def make_retailer(**fields: Any) -> Retailer:
    """An active retailer with one address, its default."""
    number = next(_numbers)
    return retailers.register_retailer(
        **{
            "email": f"retailer{number}@mart.example",
            "password": PASSWORD,
            "name": f"Fatima {number}",
            "phone": "+971507654321",
            "company_name": f"Fresh Mart {number}",
            "address": ADDRESS,
            **fields,
        }
    )


def make_delivery_partner(
    *, name: str, email: str, emirates: Sequence[str] = ("DXB",), by: User | None = None
) -> DeliveryPartner:
    """An active delivery partner with one driver."""
    partner = delivery.create_partner(name=name, phone="+97143334444", emirates=emirates, by=by)
    delivery.add_driver(
        partner, name=f"Driver of {name}", email=email, phone="+971509998877", password=PASSWORD, by=by
    )
    return partner


def token_mailed(kind: str) -> str:
    """The secret in the newest mail of this kind, once a worker has looked at what was asked for."""
    accounts.answer_link_requests()
    return token_for(OutboxEvent.objects.filter(kind=kind).latest("id").context["link_nonce"])


def user_of(code: str) -> User:
    """The first person of the company with this code."""
    return User.objects.filter(code=code).order_by("id")[0]


def api_client(user: User | None = None) -> APIClient:
    """A client that speaks JSON, signed in as `user` where one is given."""
    client = APIClient()
    if user is not None:
        signed_in = accounts.sign_in(user.email, PASSWORD)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.access}")
    return client
