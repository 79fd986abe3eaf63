"""Every page there is to see, and whose it is. What a path names in braces is looked up in the demo."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Page, Response

from aqad.demo.sign_ins import PASSWORD
from tests.browser import second_factor
from tests.browser.mails import link_mailed

PEOPLE = {
    "admin": "admin@aqad.example",
    "vendor": "ahmed@ahmedfoods.example",
    "retailer": "fatima@freshmart.example",
    "driver": "imran@fasttrack.example",
}
ORDERS_OF_RETAILER = (
    "pending_payment", "pending", "processing", "ready", "shipped", "completed",
    "failed", "rejected", "cancelled", "returned",
)  # fmt: skip
ORDERS_OF_VENDOR = ("pending", "processing", "ready", "shipped", "completed")
DELIVERIES_OF_DRIVER = ("assigned", "picked_up", "out_for_delivery", "delivered")


@dataclass(frozen=True)
class Place:
    """`asks` for the password again before it opens, unless that was given a few minutes ago.

    Where one does something `there` first, the place is the page that answers.
    """

    name: str
    path: str
    status: int = 200
    asks: bool = False
    there: Callable[[Page], None] | None = None

    def open(self, page: Page, path: str, **how: Any) -> Response | None:
        """Go there, by the password where it asks."""
        answer = page.goto(path, **how)
        if self.asks and page.locator("#password_again").count():
            page.locator("#password_again").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.locator("#password_again").wait_for(state="detached")
        if self.there:
            self.there(page)
        return answer


PLACES: Mapping[str, tuple[Place, ...]] = {
    "": (
        Place("home", "/"),
        Place("products", "/products"),
        Place("products-search", "/products?search=pepsy"),
        Place("products-filtered", "/products?category=beverages&in_stock=on&ordering=price"),
        Place("products-none", "/products?search=zzzzzzzz"),
        Place("products-wrong-price", "/products?min_price=12,50&max_price=-5"),
        Place("category", "/categories/beverages"),
        Place("product", "/products/{product}"),
        Place("vendor", "/vendors/{vendor}"),
        Place("cart-empty", "/cart"),
        Place("sign-in", "/sign-in"),
        Place("forgot-password", "/forgot-password"),
        Place("reset-password", "{new_password}"),
        Place("reset-password-used", "/reset-password/used-already"),
        Place("confirm-email-used", "/confirm-email/used-already"),
        Place("register", "/register"),
        Place("register-retailer", "/register/retailer"),
        Place("register-vendor", "/register/vendor"),
        Place("vendor-application", "{application}"),
        Place("not-found", "/products/P999999", 404),
        Place("offline", "/offline"),
    ),
    "retailer": (
        Place("cart", "/cart"),
        Place("checkout", "/checkout"),
        Place("orders", "/orders"),
        *(Place(f"order-{status}", f"/orders/{{{status}_order}}") for status in ORDERS_OF_RETAILER),
        Place("checkout-to-pay", "/checkout/{pending_payment_checkout}"),
        Place("checkout-paid", "/checkout/{completed_checkout}"),
        Place("checkout-failed", "/checkout/{failed_checkout}"),
        Place("order-reorder", "/orders/{completed_order}/reorder"),
        Place("order-report", "/orders/{completed_order}/report"),
        Place("addresses", "/account/addresses"),
        Place("address-new", "/account/addresses/new"),
        Place("address", "/account/addresses/{address}"),
        Place("retailer-notifications", "/notifications"),
        Place("retailer-profile", "/account/profile"),
        Place("retailer-sessions", "/account/sessions"),
        Place("own-second-factor", "/account/second-factor"),
        Place("own-second-factor-set-up", "/account/second-factor/set-up"),
        Place("own-second-factor-codes", "/account/second-factor/set-up", there=second_factor.switch_on),
        Place("own-second-factor-on", "/account/second-factor"),
        Place("own-second-factor-off", "/account/second-factor", there=second_factor.switch_off),
        Place("forbidden", "/sell", 403),
    ),
    "vendor": (
        Place("sell-dashboard", "/sell"),
        Place("sell-products", "/sell/products"),
        Place("sell-product-new", "/sell/products/new"),
        Place("sell-import-new", "/sell/products/import"),
        Place("sell-product", "/sell/products/{product}"),
        Place("sell-stock", "/sell/products/{product}/stock"),
        Place("sell-stock-overview", "/sell/stock"),
        Place("sell-orders", "/sell/orders"),
        *(Place(f"sell-order-{status}", f"/sell/orders/{{{status}_sale}}") for status in ORDERS_OF_VENDOR),
        Place("sell-picklist", "/sell/orders/{processing_sale}/pick-list"),
        Place("sell-company", "/sell/company"),
        Place("vendor-notifications", "/notifications"),
        Place("vendor-profile", "/account/profile"),
        Place("vendor-sessions", "/account/sessions"),
    ),
    "admin": (
        Place("admin", "/admin/"),
        Place("admin-orders", "/admin/orders/order/"),
        Place("admin-order", "/admin/orders/order/1001/change/"),
        Place("admin-products", "/admin/catalog/product/?q=pepsi"),
        Place("admin-people", "/admin/accounts/user/"),
        Place("admin-person", "/admin/accounts/user/{person}/change/"),
        Place("admin-payment", "/admin/payments/payment/{paid_payment}/change/"),
        Place("admin-messages", "/admin/notifications/outboxevent/"),
        Place("admin-message", "/admin/notifications/outboxevent/{message}/change/"),
        Place("second-factor", "/admin/second-factor/"),
        Place("staff-sessions", "/account/sessions"),
        Place("password-again", "/admin/second-factor/set-up/"),
        Place("second-factor-set-up", "/admin/second-factor/set-up/", asks=True),
        Place("admin-refund", "/admin/payments/payment/{paid_payment}/refund/", asks=True),
        Place("admin-audit", "/admin/audit/entry/"),
        Place("admin-audit-proof", "/admin/audit/seal/verify/"),
        Place("review-queue", "/admin/vendors/vendor/queue/"),
        Place("review-vendor", "/admin/vendors/vendor/1003/review/"),
        Place("review-active", "/admin/vendors/vendor/1001/review/"),
        Place("review-decision", "/admin/vendors/vendor/1003/review/reject/"),
        Place("review-reinstate", "/admin/vendors/vendor/1011/review/reinstate/"),
        Place("review-running-out", "/admin/vendors/vendor/running-out/"),
        Place("doctor", "/admin/doctor/"),
        Place("doctor-slow", "/admin/doctor/slow"),
        Place("doctor-login", "/admin/doctor/login?email=noura@oasisdairy.example"),
        Place("doctor-stock", "/admin/doctor/stock"),
        Place("doctor-stock-product", "/admin/doctor/stock?code=P1001"),
        Place("doctor-stock-correction", "/admin/doctor/stock/P1001/correct"),
    ),
    "driver": (
        Place("drive", "/drive"),
        Place("drive-history", "/drive/history"),
        *(Place(f"drive-{status}", f"/drive/{{{status}_delivery}}") for status in DELIVERIES_OF_DRIVER),
        Place("driver-notifications", "/notifications"),
        Place("driver-profile", "/account/profile"),
        Place("driver-sessions", "/account/sessions"),
    ),
}


class Api:
    """The demo as its people's apps see it."""

    def __init__(self, url: str, who: str, password: str = PASSWORD) -> None:
        """Sign in one of PEOPLE, or somebody by e-mail."""
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        tokens = self.post("/api/auth/login", email=PEOPLE.get(who, who), password=password)
        self.session.headers["Authorization"] = f"Bearer {tokens['access']}"

    def get(self, path: str, **query: str) -> Any:
        answer = self.session.get(f"{self.url}{path}", params=query, timeout=30)
        assert answer.ok, f"GET {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        return self._send("POST", path, body)

    def put(self, path: str, **body: Any) -> Any:
        return self._send("PUT", path, body)

    def _send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        answer = self.session.request(method, f"{self.url}{path}", json=body, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None


def things(url: str) -> dict[str, str]:
    """What the paths name: `completed_order` and so on, as far as the demo has them."""
    retailer, vendor, driver = (Api(url, role) for role in ("retailer", "vendor", "driver"))
    product = retailer.get("/api/products/P1001")
    found = {
        "product": product["id"],
        "vendor": product["vendor"]["id"],
        "address": str(_first(retailer, "/api/retailer/addresses")),
    }
    for status in ORDERS_OF_RETAILER:
        if code := _first(retailer, "/api/orders", status=status):
            found[f"{status}_order"] = code
            found[f"{status}_checkout"] = retailer.get(f"/api/orders/{code}")["checkout"]
    paid = retailer.get(f"/api/orders/{found['completed_order']}")["payment"]["id"]
    found |= {"paid_payment": paid.removeprefix("PAY"), "person": "2", "message": "1"}
    for status in ORDERS_OF_VENDOR:
        found[f"{status}_sale"] = _first(vendor, "/api/orders", status=status)
    for status in DELIVERIES_OF_DRIVER:
        found[f"{status}_delivery"] = _first(driver, "/api/deliveries", status=status)
    return {name: code for name, code in found.items() if code}


def mailed_things(url: str, mails: Path) -> dict[str, str]:
    """Links that only a mail tells: a waiting vendor's application, and a new password."""
    visitor = requests.Session()
    visitor.trust_env = False

    def mailed(api: str, email: str, link: str) -> str:
        def ask() -> None:
            visitor.post(f"{url}{api}", json={"email": email}, timeout=30).raise_for_status()

        def opens(path: str) -> bool:
            return visitor.get(f"{url}{path}", timeout=30).ok

        return link_mailed(mails, email, link, ask, opens=opens)

    return {
        "application": mailed("/api/vendor/application/link", "noura@oasisdairy.example", "/apply/"),
        "new_password": mailed("/api/auth/password/reset", "omar@alnoorgrocery.example", "/reset-password/"),
    }


def register_shop(url: str, email: str, password: str) -> None:
    """A retailer in Dubai with one address."""
    company = {"company_name": "Test Corner", "name": "Mona Saleh", "phone": "+971501234567"}
    address = {"line1": "Al Wasl Road 7", "area": "Jumeirah 1", "city": "Dubai", "emirate": "DXB"}
    visitor = requests.Session()
    visitor.trust_env = False
    body = {**company, "email": email, "password": password, "address": address}
    visitor.post(f"{url}/api/retailer/register", json=body, timeout=30).raise_for_status()


def prepare(url: str) -> None:
    """Give the retailer what no demo keeps: goods of two vendors in the cart, and an order not yet paid."""
    retailer = Api(url, "retailer")
    other = retailer.get("/api/products", vendor="V1002", in_stock="true")["results"][0]
    retailer.put("/api/cart/items/P1001", quantity=100)
    retailer.put(f"/api/cart/items/{other['id']}", quantity=other["min_order_quantity"])
    if not _first(retailer, "/api/orders", status="pending_payment"):
        items = [{"product": "P1001", "quantity": 5}]
        address = _first(retailer, "/api/retailer/addresses")
        retailer.post("/api/orders", items=items, address=address, payment_method="card")


def reachable(places: Iterable[Place], known: Mapping[str, str]) -> Iterable[tuple[Place, str]]:
    """Each place with its real path; "" where the demo has nothing to show there."""
    for place in places:
        try:
            yield place, place.path.format_map(known)
        except KeyError:
            yield place, ""


def _first(api: Api, path: str, **query: str) -> Any:
    results = api.get(path, **query)["results"]
    return results[0]["id"] if results else ""
