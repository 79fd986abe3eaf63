"""One world with at least one row of everything, and everybody who may look at it."""

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.models import IdempotencyKey, LinkRequest, OneTimeLink, User
from aqad.lib.files.images import clean_image
from aqad.lib.files.storage import private_url
from aqad.lib.tokens import token_for
from audit.models import Seal, SealHead
from catalog.models import Product, SearchMiss
from catalog.services import images
from delivery.models import Delivery, Driver
from notifications import tasks as notifications
from notifications.models import Notification
from operations.deployments import record_deployment
from orders import services as orders
from orders.models import Order
from orders.services.cart import set_quantity
from payments import links
from payments import services as payments
from payments.models import Payment, WebhookEvent
from tests import factories, goods
from vendors import services as vendors
from vendors.models import VendorDocument


@dataclass(frozen=True)
class World:
    """`names` are the pieces of paths and bodies in the table; `people` and `clients` are by actor."""

    names: dict[str, str]
    people: dict[str, User]
    clients: dict[str, APIClient]

    def fill(self, value: Any) -> Any:
        """A path or body of the table with the names put in."""
        if isinstance(value, str):
            return value.format(**self.names)
        if isinstance(value, dict):
            return {key: self.fill(each) for key, each in value.items()}
        return [self.fill(each) for each in value] if isinstance(value, list) else value

    def headers(self, actor: str) -> dict[str, str]:
        """What a client of another kind sends to be this actor."""
        if actor not in self.people:
            return {}
        return {"Authorization": self.clients[actor]._credentials["HTTP_AUTHORIZATION"]}


def build() -> World:
    cast = _Cast()
    names = {**_companies(cast), **_catalogue(cast), **_trade(cast), **_inbox(cast)}
    people = {actor: factories.user_of(code) for actor, code in cast.codes.items()}
    people |= {"admin": factories.make_admin(), "clerk": _clerk()}
    names |= _sign_in_of(people["retailer"])
    clients = {actor: factories.api_client(user) for actor, user in people.items()}
    return World(names, people, {"anonymous": factories.api_client(), **clients})


class _Cast:
    def __init__(self) -> None:
        self.vendor = factories.make_vendor()
        self.rival_vendor = factories.make_vendor()
        self.complete_applicant = factories.make_applicant()
        self.applicant = factories.make_applicant()  # the last one: its link is the newest
        self.retailer = factories.make_retailer()
        self.rival_retailer = factories.make_retailer()
        self.partner = factories.make_delivery_partner(name="FastTrack", email="bilal@fasttrack.example")
        self.rival_partner = factories.make_delivery_partner(
            name="Desert Express", email="yusuf@desert.example", emirates=["SHJ"]
        )
        self.product = goods.list_product(
            self.vendor, price_tiers=[{"min_quantity": 100, "price": Decimal("40.00")}]
        )

    @property
    def codes(self) -> dict[str, str]:
        companies = ("vendor", "rival_vendor", "retailer", "rival_retailer")
        return {
            **{actor: getattr(self, actor).code for actor in companies},
            "driver": self.partner.code,
            "rival_driver": self.rival_partner.code,
        }

    def order(self, quantity: int) -> Order:
        return goods.place_order(self.retailer, (self.product, quantity))


def _clerk() -> User:
    return accounts.create_user(
        email="clerk@aqad.example", name="Clerk", role=User.Role.ADMIN, password=factories.PASSWORD
    )


def _companies(cast: _Cast) -> dict[str, str]:
    for kind in VendorDocument.REQUIRED:
        vendors.accept_document(cast.complete_applicant, kind, by=None)
    return {
        "vendor": cast.vendor.code,
        "applicant": cast.applicant.code,
        "document_kind": VendorDocument.Kind.TRADE_LICENSE.value,
        "applicant_email": cast.applicant.email,
        "complete_applicant": cast.complete_applicant.code,
        "application": factories.token_mailed("vendor_registered"),
        "file_token": private_url(cast.vendor.documents.all()[0].file).rpartition("/")[2],
        "retailer": cast.retailer.code,
        "address": str(cast.retailer.addresses.get().pk),
        "partner": cast.partner.code,
        "rival_partner": cast.rival_partner.code,
        "driver_id": str(Driver.objects.get(partner=cast.partner).pk),
    }


def _catalogue(cast: _Cast) -> dict[str, str]:
    draft = goods.list_product(cast.vendor, status=Product.Status.DRAFT)
    SearchMiss.objects.create(day="2026-11-24", words="oat milk", count=3, last_at="2026-11-24T08:00Z")
    picture = images.add_image(cast.product, clean_image(BytesIO(factories.png_bytes())), by=None)
    set_quantity(cast.retailer, cast.product, 7)
    sheet = goods.send_sheet(cast.vendor, f"id,price\n{cast.product.code},46.00\nP1,1\n")
    goods.work_on(sheet)
    return {
        "product": cast.product.code,
        "draft": draft.code,
        "sheet": sheet.code,
        "category": cast.product.category.slug,
        "image": str(picture.pk),
        "media_key": picture.key,
    }


def _trade(cast: _Cast) -> dict[str, str]:
    unpaid = goods.place(cast.retailer, (cast.product, 1))
    accepted = orders.accept_order(cast.order(2), by=None)
    ready = goods.carry(cast.order(3))
    delivered = goods.carry(cast.order(4), "picked_up", "out_for_delivery", "delivered")
    paid = Payment.objects.get(checkout=delivered.checkout_id)
    payments.request_refund(paid, Decimal("1.00"), reason="A dent.", by=None)
    buyer = factories.user_of(cast.retailer.code)
    orders.report_problem(delivered, kind="damaged", text="A dent.", by=buyer)
    WebhookEvent.objects.create(gateway="sandbox", event_id="evt_1", type="payment.paid")
    LinkRequest.objects.create(email="nobody@mart.example", purpose=OneTimeLink.Purpose.PASSWORD_RESET)
    IdempotencyKey.objects.create(user=buyer, endpoint="orders", key="one")
    SealHead.objects.create()
    Seal.objects.create(number=1, first_id=1, last_id=1, count=0, digests=b"", hash="")
    record_deployment()
    return {
        "pending_order": cast.order(5).code,
        "accepted_order": accepted.code,
        "ready_order": ready.code,
        "delivery": Delivery.objects.get(order=ready).code,
        "checkout": unpaid.code,
        "unpaid_order": unpaid.orders.get().code,
        "payment": unpaid.payments.get().code,
        "paid_payment": paid.code,
        "paid_link": links.pay_url(paid).rpartition("/")[2],
    }


def _inbox(cast: _Cast) -> dict[str, str]:
    notifications.sweep_outbox()
    line = Notification.objects.filter(user=factories.user_of(cast.retailer.code))[0]
    return {"notification": str(line.pk)}


def _sign_in_of(retailer: User) -> dict[str, str]:
    """What lets the retailer in: a refresh token, with its session, and the links that are mailed."""

    def token(purpose: OneTimeLink.Purpose, email: str = "") -> str:
        return token_for(accounts.issue_link(retailer, purpose, seconds=600, email=email))

    refresh = accounts.sign_in(retailer.email, factories.PASSWORD).refresh

    return {
        "email": retailer.email,
        "refresh": refresh,
        "retailer_session": str(retailer.token_families.latest("created_at").pk),
        "email_token": token(OneTimeLink.Purpose.EMAIL_CHANGE, "fatima.new@mart.example"),
        "reset_token": token(OneTimeLink.Purpose.PASSWORD_RESET),
        "verify_token": token(OneTimeLink.Purpose.EMAIL_VERIFICATION),
    }
