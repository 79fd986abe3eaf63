"""Who may call what: the one table that the sweep holds against the real URL map.

A `{name}` in a path or body is one of the names of `tests.sweep.world`. All objects are those of the first
cast: the rivals have the same roles and none of the objects. `clerk` is staff without any permission.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.factories import ADDRESS, PASSWORD, pdf_bytes, png_bytes
from tests.sweep.routes import shape_of

ROLES: Mapping[str, str] = {
    "anonymous": "",
    "vendor": "vendor",
    "rival_vendor": "vendor",
    "retailer": "retailer",
    "rival_retailer": "retailer",
    "driver": "driver",
    "rival_driver": "driver",
    "admin": "admin",
    "clerk": "admin",
}
EVERYBODY = frozenset(ROLES)
PEOPLE = EVERYBODY - {"anonymous"}
RIVALS = frozenset({"rival_vendor", "rival_retailer", "rival_driver"})


@dataclass(frozen=True)
class Who:
    """`may` call at all, by role or right; for `sees` the object exists."""

    may: frozenset[str]
    sees: frozenset[str] = EVERYBODY


def only(*roles: str) -> Who:
    """These roles; of staff only who has the right."""
    return Who(frozenset(actor for actor, role in ROLES.items() if role in roles and actor != "clerk"))


def own(*roles: str) -> Who:
    """These roles, and the object is there only for whom it belongs to."""
    return Who(only(*roles).may, EVERYBODY - RIVALS)


ANYONE = Who(EVERYBODY)
SIGNED_IN = Who(PEOPLE)
ADMIN = only("admin")
BUYERS = Who(frozenset({"anonymous", "retailer", "rival_retailer"}))  # and visitors who may become one
# An unpaid order is not yet the vendor's to see.
UNPAID = Who(
    only("retailer", "vendor", "admin").may, frozenset({"retailer", "admin"})
)  # not yet the vendor's


@dataclass(frozen=True)
class Call:
    """One row. `body` may name objects as paths do; `answers` is what it comes to where it is right.

    `but` says by actor where it comes to something else.
    """

    method: str
    path: str
    who: Who
    body: Mapping[str, Any] = field(default_factory=dict)
    answers: int = 200
    multipart: bool = False
    but: Mapping[str, int] = field(default_factory=dict)

    @property
    def shape(self) -> str:
        """The path with `{}` for whatever varies in the URL map."""
        path = shape_of(self.path)
        for word in ("documents/trade_license", "webhooks/sandbox"):
            path = path.replace(word, word.partition("/")[0] + "/{}")
        return path


def _file(name: str, content: bytes) -> Any:
    return name, content


PERSON = {"name": "Huda", "phone": "+971501112233", "password": PASSWORD}
LICENCE = _file("licence.pdf", pdf_bytes())
PICTURE = _file("picture.png", png_bytes())
SHEET = _file("prices.csv", b"sku,price\nPEP-330,45.00\n")
REASON = {"reason": "We said why."}
PRODUCT = {
    "name": "Mirinda",
    "price": "40.00",
    "quantity": 5,
    "category": "soft-drinks",
    "brand": "pepsi",
}

CALLS = (
    # Identity
    Call("POST", "/api/auth/login", ANYONE, {"email": "{email}", "password": PASSWORD}),
    Call("POST", "/api/auth/refresh", ANYONE, {"refresh": "{refresh}"}),
    Call("POST", "/api/auth/logout", SIGNED_IN, {"refresh": "{refresh}"}, 204),
    Call("GET", "/api/auth/me", SIGNED_IN),
    Call("PATCH", "/api/auth/me", SIGNED_IN, {"name": "Another Name"}),
    Call(
        "POST",
        "/api/auth/password/change",
        SIGNED_IN,
        {"old_password": PASSWORD, "new_password": "nine-falcons-at-noon"},
        204,
    ),
    Call("POST", "/api/auth/password/reset", ANYONE, {"email": "{email}"}, 202),
    Call(
        "POST",
        "/api/auth/password/reset/confirm",
        ANYONE,
        {"token": "{reset_token}", "new_password": "nine-falcons-at-noon"},
        204,
    ),
    Call("GET", "/api/auth/sessions", SIGNED_IN),
    Call("DELETE", "/api/auth/sessions/{retailer_session}", Who(PEOPLE, frozenset({"retailer"})), {}, 204),
    Call("POST", "/api/auth/sessions/end-all", SIGNED_IN),
    Call(
        "POST",
        "/api/auth/email/change",
        SIGNED_IN,
        {"email": "huda.new@mart.example", "password": PASSWORD},
        202,
    ),
    Call("POST", "/api/auth/email/confirm", ANYONE, {"token": "{email_token}"}, 204),
    Call("POST", "/api/auth/email/verify", ANYONE, {"token": "{verify_token}"}, 204),
    # Vendors
    Call(
        "POST",
        "/api/vendor/register",
        ANYONE,
        {
            **PERSON,
            "email": "huda@dates.example",
            "company_name": "Huda Dates LLC",
            "emirate": "DXB",
            "trade_license_number": "DED-77",
            "trn": "100123456700003",
            "trade_license": LICENCE,
            "vat_certificate": LICENCE,
        },
        201,
        multipart=True,
    ),
    Call("GET", "/api/vendor/profile", only("vendor")),
    Call("PATCH", "/api/vendor/profile", only("vendor"), {"address": "Warehouse 10, Al Quoz"}),
    Call(
        "POST",
        "/api/vendor/documents/trade_license",
        only("vendor"),
        {"file": LICENCE},
        201,
        multipart=True,
    ),
    Call("POST", "/api/vendor/application/link", ANYONE, {"email": "{applicant_email}"}, 202),
    Call("GET", "/api/vendor/application/{application}", ANYONE),
    Call("POST", "/api/vendor/application/{application}", ANYONE, {"address": "Al Quoz"}, 409),
    Call("GET", "/api/vendors", ANYONE),
    Call("GET", "/api/vendors/{vendor}", ANYONE),
    Call("GET", "/api/vendors/{applicant}", Who(EVERYBODY, frozenset({"admin"}))),
    Call("POST", "/api/vendors/{applicant}/documents/trade_license/accept", ADMIN),
    Call("POST", "/api/vendors/{applicant}/documents/trade_license/reject", ADMIN, {"note": "Blurred."}),
    Call("POST", "/api/vendors/{complete_applicant}/approve", ADMIN),
    Call("POST", "/api/vendors/{applicant}/reject", ADMIN, REASON),
    Call("POST", "/api/vendors/{vendor}/suspend", ADMIN, REASON),
    Call("POST", "/api/vendors/{vendor}/reinstate", ADMIN, {}, 409),
    # Retailers
    Call(
        "POST",
        "/api/retailer/register",
        ANYONE,
        {**PERSON, "email": "huda@grocery.example", "company_name": "Huda Grocery"},
        201,
    ),
    Call("GET", "/api/retailer/profile", only("retailer")),
    Call("PATCH", "/api/retailer/profile", only("retailer"), {"company_name": "Fresh Mart"}),
    Call("GET", "/api/retailer/addresses", only("retailer")),
    Call("POST", "/api/retailer/addresses", only("retailer"), ADDRESS, 201),
    Call("GET", "/api/retailer/addresses/{address}", own("retailer")),
    Call("PATCH", "/api/retailer/addresses/{address}", own("retailer"), {"label": "Shop"}),
    Call("DELETE", "/api/retailer/addresses/{address}", own("retailer"), {}, 204),
    Call("GET", "/api/retailers", ADMIN),
    Call("GET", "/api/retailers/{retailer}", ADMIN),
    Call("POST", "/api/retailers/{retailer}/suspend", ADMIN, REASON),
    Call("POST", "/api/retailers/{retailer}/reinstate", ADMIN, {}, 409),
    # Catalogue
    Call("GET", "/api/products", ANYONE),
    Call(
        "POST",
        "/api/products",
        only("vendor", "admin"),
        {**PRODUCT, "vendor": "{vendor}"},
        201,
        but={"rival_vendor": 400},
    ),
    Call("GET", "/api/products/facets", ANYONE),
    Call("GET", "/api/products/suggest", ANYONE),
    Call("POST", "/api/products/import", only("vendor"), {"file": SHEET}, 202, multipart=True),
    Call("GET", "/api/products/export", only("vendor")),
    Call("GET", "/api/imports", only("vendor")),
    Call("GET", "/api/imports/{sheet}", own("vendor")),
    Call("GET", "/api/imports/{sheet}/rows", own("vendor")),
    Call("GET", "/api/imports/{sheet}/errors", own("vendor")),
    Call("POST", "/api/imports/{sheet}/confirm", own("vendor"), {"partial": True}),
    Call("POST", "/api/imports/{sheet}/cancel", own("vendor")),
    Call("GET", "/api/products/{product}", ANYONE),
    Call("GET", "/api/products/{draft}", Who(EVERYBODY, frozenset({"vendor", "admin"}))),
    Call("PATCH", "/api/products/{product}", own("vendor", "admin"), {"price": "44.00"}),
    Call("DELETE", "/api/products/{product}", own("vendor", "admin"), {}, 204),
    Call("POST", "/api/products/{product}/images", own("vendor"), {"image": PICTURE}, 201, multipart=True),
    Call("PATCH", "/api/products/{product}/images/{image}", own("vendor"), {"alt": "A can"}),
    Call("DELETE", "/api/products/{product}/images/{image}", own("vendor"), {}, 204),
    Call("GET", "/api/products/{product}/stock", own("vendor", "admin")),
    Call("POST", "/api/products/{product}/stock", own("vendor"), {"change": 5, "reason": "received"}),
    Call("GET", "/api/vendor/products", only("vendor")),
    Call("GET", "/api/categories", ANYONE),
    Call("GET", "/api/brands", ANYONE),
    # Cart and orders
    Call("GET", "/api/cart", only("retailer")),
    Call("DELETE", "/api/cart", only("retailer"), {}, 204),
    Call("PUT", "/api/cart/items/{product}", only("retailer"), {"quantity": 3}),
    Call("GET", "/api/orders", only("retailer", "vendor", "admin")),
    Call(
        "POST",
        "/api/orders",
        only("retailer"),
        {
            "items": [{"product": "{product}", "quantity": 2}],
            "address": ADDRESS,
            "payment_method": "cash_on_delivery",
        },
        201,
    ),
    Call("GET", "/api/orders/{pending_order}", own("retailer", "vendor", "admin")),
    Call(
        "GET",
        "/api/orders/{unpaid_order}",
        UNPAID,
    ),
    Call("POST", "/api/orders/{pending_order}/accept", own("vendor", "admin")),
    Call("POST", "/api/orders/{pending_order}/reject", own("vendor", "admin"), REASON),
    Call("POST", "/api/orders/{pending_order}/cancel", own("retailer", "vendor", "admin"), REASON),
    Call("POST", "/api/orders/{accepted_order}/ready", own("vendor", "admin")),
    Call("GET", "/api/checkouts/{checkout}", own("retailer", "admin")),
    # Payments
    Call("POST", "/api/payments", own("retailer"), {"checkout": "{checkout}", "method": "card"}),
    Call("GET", "/api/payments/{payment}", own("retailer", "admin")),
    Call("GET", "/api/payments/{paid_payment}/refunds", ADMIN),
    Call("POST", "/api/payments/{paid_payment}/refunds", ADMIN, {"amount": "1.00", **REASON}, 201),
    Call("POST", "/api/payments/webhooks/sandbox", ANYONE, {"type": "payment.paid"}, 400),
    # Delivery
    Call("GET", "/api/delivery-partners", ADMIN),
    Call(
        "POST",
        "/api/delivery-partners",
        ADMIN,
        {"name": "Camel Express", "phone": "+97143334455", "emirates": ["DXB"]},
        201,
    ),
    Call("GET", "/api/delivery-partners/{partner}", ADMIN),
    Call("PATCH", "/api/delivery-partners/{partner}", ADMIN, {"name": "FastTrack"}),
    Call("GET", "/api/delivery-partners/{partner}/drivers", ADMIN),
    Call(
        "POST",
        "/api/delivery-partners/{partner}/drivers",
        ADMIN,
        {**PERSON, "email": "huda@fasttrack.example"},
        201,
    ),
    Call("PATCH", "/api/delivery-partners/{partner}/drivers/{driver_id}", ADMIN, {"name": "Bilal B."}),
    Call("GET", "/api/deliveries", only("driver", "retailer", "vendor", "admin")),
    Call("POST", "/api/deliveries", ADMIN, {"order": "{ready_order}", "partner": "{rival_partner}"}),
    Call("GET", "/api/deliveries/{delivery}", own("driver", "retailer", "vendor", "admin")),
    Call("POST", "/api/deliveries/{delivery}/status", own("driver"), {"status": "picked_up"}),
    # Notifications
    Call("GET", "/api/notifications", SIGNED_IN),
    Call("POST", "/api/notifications/read-all", SIGNED_IN),
    Call("POST", "/api/notifications/{notification}/read", Who(PEOPLE, frozenset({"retailer"}))),
    # The API's own description
    Call("GET", "/api/schema", ANYONE),
    Call("GET", "/api/docs", ANYONE),
)


@dataclass(frozen=True)
class Page:
    """One page and its answer to a GET where that is right.

    Who may not is led to the sign-in (302) or refused (403); for whom the object does not exist it is 404.
    """

    path: str
    answers: int = 200
    who: Who = ANYONE
    but: Mapping[str, int] = field(default_factory=dict)  # by actor, where it comes to something else


PAGES = (
    Page("/"),
    Page("/offline"),
    Page("/service-worker.js"),
    Page("/products"),
    Page("/products/suggestions"),
    Page("/products/{product}"),
    Page("/categories/{category}"),
    Page("/vendors/{vendor}"),
    Page("/language", 405),
    Page("/sign-in"),
    Page("/sign-in/code", 302),
    Page("/sign-out", 405),
    Page("/register"),
    Page("/register/retailer"),
    Page("/register/vendor"),
    Page("/register/vendor/sent"),
    Page("/apply"),
    Page("/forgot-password"),
    Page("/reset-password/{reset_token}"),
    Page("/verify-email/{verify_token}"),
    Page("/confirm-email/{email_token}"),
    Page("/apply/{application}"),
    Page("/drive", who=only("driver")),
    Page("/drive/history", who=only("driver")),
    Page("/drive/{delivery}", who=own("driver")),
    Page("/drive/{delivery}/step", 405),
    Page("/sell", who=only("vendor")),
    Page("/sell/products", who=only("vendor")),
    Page("/sell/products/new", who=only("vendor")),
    Page("/sell/products/export", who=only("vendor")),
    Page("/sell/products/import", who=only("vendor")),
    Page("/sell/products/import/template", who=only("vendor")),
    Page("/sell/products/import/{sheet}", who=own("vendor")),
    Page("/sell/products/import/{sheet}/progress", who=own("vendor")),
    Page("/sell/products/import/{sheet}/confirm", 405, only("vendor")),
    Page("/sell/products/import/{sheet}/cancel", 405, only("vendor")),
    Page("/sell/products/import/{sheet}/errors", who=own("vendor")),
    Page("/sell/products/{product}", who=own("vendor")),
    Page("/sell/products/{product}/archive", 405, only("vendor")),
    Page("/sell/products/{product}/quick", 405, only("vendor")),
    Page("/sell/products/{product}/images", 405, only("vendor")),
    Page("/sell/products/{product}/images/order", 405, only("vendor")),
    Page("/sell/products/{product}/images/{image}/delete", 405, only("vendor")),
    Page("/sell/products/{product}/stock", who=own("vendor")),
    Page("/sell/stock", who=only("vendor")),
    Page("/sell/orders", who=only("vendor")),
    Page("/sell/orders/board", who=only("vendor")),
    Page("/sell/orders/{pending_order}", who=own("vendor")),
    Page("/sell/orders/{pending_order}/accept", 405, only("vendor")),
    Page("/sell/orders/{pending_order}/ready", 405, only("vendor")),
    Page("/sell/orders/{pending_order}/reject", who=own("vendor")),
    Page("/sell/orders/{pending_order}/cancel", who=own("vendor")),
    Page("/sell/orders/{pending_order}/pick-list", who=own("vendor")),
    Page("/sell/company", who=only("vendor")),
    Page("/sell/company/documents/{document_kind}", 405, only("vendor")),
    Page("/cart", who=BUYERS),
    Page("/cart/add", 405),
    Page("/cart/change", 405),
    Page("/checkout", who=only("retailer")),
    Page("/checkout/{checkout}", who=own("retailer")),
    Page("/checkout/{checkout}/pay", 405),
    Page("/orders", who=only("retailer")),
    Page("/orders/{pending_order}", who=own("retailer")),
    Page("/orders/{ready_order}/tracking", who=own("retailer")),
    Page("/orders/{pending_order}/cancel", 405),
    Page("/orders/{pending_order}/reorder", who=own("retailer")),
    Page("/orders/{pending_order}/report", who=own("retailer")),
    Page("/account/addresses", who=only("retailer")),
    Page("/account/addresses/new", who=only("retailer")),
    Page("/account/addresses/{address}", who=own("retailer")),
    Page("/account/addresses/{address}/delete", 405),
    Page("/account/profile", who=SIGNED_IN),
    Page("/account/sessions", who=SIGNED_IN),
    Page("/account/sessions/end-others", 405),
    Page("/account/sessions/{retailer_session}/end", 405),
    Page("/account/second-factor", who=SIGNED_IN, but={"admin": 302, "clerk": 302}),
    Page("/account/second-factor/set-up", who=SIGNED_IN, but={"admin": 302, "clerk": 302}),
    Page("/notifications", who=SIGNED_IN),
    Page("/notifications/read", 405),
    Page("/notifications/{notification}", 302, Who(PEOPLE, frozenset({"retailer"}))),
    Page("/pay/{paid_link}", 302),
    Page("/pay/{paid_link}/result"),
    Page("/files/{file_token}"),
    Page("/media/{media_key}"),
    Page("/healthz"),
    Page("/readyz"),
    Page("/metrics", 404),
)
