"""What each role of staff may do in the admin site, page by page and action by action, as it is meant.

Written apart from `aqad/roles.py`, which gives the rights, so that a slip in either shows. Letters: R
reviewer, O operations, F finance, S support. Superusers are in nobody's column: they may open every page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES: Mapping[str, str] = {"R": "Reviewer", "O": "Operations", "F": "Finance", "S": "Support"}


@dataclass(frozen=True)
class Rows:
    """The pages of one model: who sees its list and rows, saves its form, adds, deletes, and runs what."""

    see: str = ""
    change: str = ""
    add: str = ""
    delete: str = ""
    actions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Who opens it; with which arguments of the path, and how."""

    who: str
    args: tuple[str, ...] = ()
    method: str = "GET"


MODELS: Mapping[str, Rows] = {
    "accounts.IdempotencyKey": Rows(),
    "accounts.LinkRequest": Rows(),
    "accounts.OneTimeLink": Rows(),
    "accounts.PageSession": Rows("OS"),
    "accounts.TokenFamily": Rows("OS"),
    "accounts.User": Rows(
        "OS",
        "S",
        actions={
            "send_reset_link": "S",
            "end_sessions": "OS",
            "deactivate": "O",
            "reactivate": "O",
            "reset_second_factor": "",
        },
    ),
    "auth.Group": Rows(),
    "audit.Entry": Rows("ROFS", actions={"export": "OF"}),
    "audit.Seal": Rows(),
    "audit.SealHead": Rows(),
    "catalog.Brand": Rows("ROS", "O", "O", "O"),
    "catalog.Category": Rows("ROS", "O", "O", "O"),
    "catalog.ImportRow": Rows("OS"),
    "catalog.PriceTier": Rows("ROS"),
    "catalog.Product": Rows("ROS", actions={"export": "O", "hide": "O", "show": "O", "archive": "O"}),
    "catalog.ProductImage": Rows("ROS"),
    "catalog.ProductImport": Rows("OS"),
    "catalog.SearchMiss": Rows("ROS"),
    "catalog.SearchWord": Rows("ROS"),
    "catalog.Stock": Rows("O", actions={"export": "O"}),
    "catalog.StockMovement": Rows("O", actions={"export": "O"}),
    "delivery.Delivery": Rows("OS", actions={"export": "O", "give_to_partner": "O"}),
    "delivery.DeliveryEvent": Rows("OS"),
    "delivery.DeliveryPartner": Rows("OS", "O", "O"),
    "delivery.Driver": Rows("OS", "O", "O"),
    "notifications.Mail": Rows("OS", actions={"retry": "OS", "export": "O"}),
    "notifications.Notification": Rows("OS", actions={"export": "O"}),
    "notifications.OutboxEvent": Rows("OS", actions={"retry": "O", "export": "O"}),
    "operations.Deployment": Rows("O"),
    "orders.CartItem": Rows("OS"),
    "orders.Checkout": Rows("OFS", actions={"export": "OF"}),
    "orders.Order": Rows(
        "OFS",
        actions={"export": "OF", "accept": "O", "make_ready": "O", "reject": "O", "cancel": "O"},
    ),
    "orders.OrderLine": Rows("OFS", actions={"export": "OF"}),
    "orders.ProblemReport": Rows("OS", actions={"export": "O", "close": "OS"}),
    "payments.Payment": Rows("OFS", actions={"export": "OF", "ask_gateway": "F"}),
    "payments.Refund": Rows("OFS", actions={"export": "OF", "paid_out_by_hand": "F"}),
    "payments.RefundAllocation": Rows("OFS", actions={"export": "OF"}),
    "payments.WebhookEvent": Rows("OF", actions={"try_again": "F"}),
    "retailers.Address": Rows("OFS"),
    "retailers.Retailer": Rows("OFS", "O", actions={"export": "OF", "suspend": "O", "reinstate": "O"}),
    "retailers.RetailerMember": Rows("OFS"),
    "vendors.Vendor": Rows("ROFS", "R", actions={"export": "OF"}),
    "vendors.VendorDocument": Rows("R"),
    "vendors.VendorMember": Rows("ROFS"),
}

# Pages of the admin site besides those of models: who may open them, by their name in the URL map.
# The arguments of a path are names of `tests.sweep.world`, keys of its first applicant, or themselves.
PAGES: Mapping[str, Page] = {
    **dict.fromkeys(("index", "second_factor", "password_change", "jsi18n"), Page("ROFS")),
    **dict.fromkeys(("login", "logout", "password_change_done", "recovery_codes"), Page("ROFS")),
    "set_up_second_factor": Page("ROFS"),
    "app_list": Page("ROFS", ("vendors",)),
    "audit_seal_verify": Page(""),
    "autocomplete": Page(""),
    **dict.fromkeys(("vendors_review_queue", "vendors_review_running_out"), Page("R")),
    "vendors_review": Page("R", ("applicant_key",)),
    "vendors_review_file": Page("R", ("applicant_key", "document_key")),
    "vendors_review_accept": Page("R", ("applicant_key", "document_key"), "POST"),
    "vendors_review_reject": Page("R", ("applicant_key", "document_key"), "POST"),
    "vendors_review_decide": Page("R", ("applicant_key", "reject")),
    "payments_payment_refund": Page("F", ("paid_payment_key",)),
    "view_on_site": Page("ROFS", ("0", "0")),
}

# The operations console, by name in the URL map of the project.
DOCTOR: Mapping[str, Page] = {
    **dict.fromkeys(("operations-doctor", "operations-doctor-slow"), Page("OS")),
    **dict.fromkeys(("operations-doctor-login", "operations-doctor-stock"), Page("OS")),
    "operations-doctor-correct": Page("O", ("product",)),
}

# Calls of the API that staff need a right for.
CALLS: Mapping[str, str] = {
    "POST /api/vendors/{applicant}/documents/trade_license/accept": "R",
    "POST /api/vendors/{applicant}/documents/trade_license/reject": "R",
    "POST /api/vendors/{complete_applicant}/approve": "R",
    "POST /api/vendors/{applicant}/reject": "R",
    "POST /api/vendors/{vendor}/suspend": "R",
    "POST /api/vendors/{vendor}/reinstate": "R",
    "GET /api/retailers": "OFS",
    "GET /api/retailers/{retailer}": "OFS",
    "POST /api/retailers/{retailer}/suspend": "O",
    "POST /api/retailers/{retailer}/reinstate": "O",
    "POST /api/products": "",
    "PATCH /api/products/{product}": "O",
    "DELETE /api/products/{product}": "O",
    "GET /api/products/{product}/stock": "O",
    "GET /api/orders": "OFS",
    "GET /api/orders/{pending_order}": "OFS",
    "GET /api/orders/{unpaid_order}": "OFS",
    "POST /api/orders/{pending_order}/accept": "O",
    "POST /api/orders/{pending_order}/reject": "O",
    "POST /api/orders/{pending_order}/cancel": "O",
    "POST /api/orders/{accepted_order}/ready": "O",
    "GET /api/checkouts/{checkout}": "OFS",
    "GET /api/payments/{payment}": "OFS",
    "GET /api/payments/{paid_payment}/refunds": "OFS",
    "POST /api/payments/{paid_payment}/refunds": "F",
    "GET /api/delivery-partners": "OS",
    "POST /api/delivery-partners": "O",
    "GET /api/delivery-partners/{partner}": "OS",
    "PATCH /api/delivery-partners/{partner}": "O",
    "GET /api/delivery-partners/{partner}/drivers": "OS",
    "POST /api/delivery-partners/{partner}/drivers": "O",
    "PATCH /api/delivery-partners/{partner}/drivers/{driver_id}": "O",
    "GET /api/deliveries": "OS",
    "POST /api/deliveries": "O",
    "GET /api/deliveries/{delivery}": "OS",
}
