from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from accounts.password_again import asks_password_again
from aqad.lib import uae
from aqad.lib.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    SearchByCode,
    act_on_each,
    required_reason,
    written_out,
)
from audit.exporting import Exportable
from audit.history import WithHistory
from orders import services
from orders.models import CartItem, Checkout, Order, OrderLine, ProblemReport

_ADDRESS = ("contact_name", "phone", "line1", "line2", "area", "city", "emirate", "makani", "po_box")
_PARTY = ("company_name", "id", "trn", "email", "phone", "address")


class VendorsState(admin.ChoicesFieldListFilter):
    """Apart from the order's own state by its heading: the orders that a suspended vendor left."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext("the vendor's state")


class LinesInline(admin.TabularInline):
    model = OrderLine
    extra = 0
    can_delete = False
    fields = ("product", "name", "quantity", "unit_price", "subtotal", "vat", "total", "reservation")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("product")


class OrdersInline(admin.TabularInline):
    model = Order
    extra = 0
    can_delete = False
    fields = ("code", "vendor", "status", "total")
    readonly_fields = fields
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Checkout)
class CheckoutAdmin(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    list_display = ("code", "retailer", "status", "payment_method", "total", "reserved_until", "created_at")
    list_filter = ("status", "payment_method", "created_at")
    search_codes = {"R": "retailer"}
    search_names = {"retailer": "company_name"}
    search_help_text = gettext_lazy("CHK1001, R2001 or the name of a shop")
    list_select_related = ("retailer",)
    ordering = ("-id",)
    inlines = (OrdersInline,)
    actions = ("export",)

    def history_codes(self, thing: Checkout) -> list[str]:
        payments = thing.payments.all()
        return [thing.code, *(order.code for order in thing.orders.all()), *(each.code for each in payments)]


@admin.register(Order)
class OrderAdmin(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    list_display = (
        "code",
        "status",
        "vendor",
        "retailer",
        "total",
        "payment_method",
        "placed_at",
        "created_at",
    )
    list_filter = ("status", ("vendor__status", VendorsState), "payment_method", "created_at")
    search_fields = ("=purchase_order_number",)
    search_codes = {"V": "vendor", "R": "retailer", "CHK": "checkout"}
    search_names = {"vendor": "company_name", "retailer": "company_name"}
    search_help_text = gettext_lazy("ORD1001, CHK1001, V1001, R2001, a company or a purchase order number")
    list_select_related = ("vendor", "retailer")
    ordering = ("-id",)
    exclude = ("address", "buyer", "seller")
    readonly_fields = ("delivered_to", "bought_by", "sold_by")
    inlines = (LinesInline,)
    action_form = ReasonForm
    actions = ("accept", "make_ready", "reject", "cancel", "export")

    def history_codes(self, thing: Order) -> list[str]:
        delivery = getattr(thing, "delivery", None)
        payments = thing.checkout.payments.all()
        return [
            thing.code,
            thing.checkout.code,
            *(payment.code for payment in payments),
            *([delivery.code] if delivery else []),
            *(report.code for report in thing.problem_reports.all()),
        ]

    @admin.display(description=gettext_lazy("Delivered to"))
    def delivered_to(self, order: Order) -> str:
        address = order.address
        emirate = address.get("emirate", "")
        told = {"city": uae.town(address.get("city", ""), emirate), "emirate": uae.emirate(emirate)}
        return written_out({**address, **told}, _ADDRESS)

    @admin.display(description=gettext_lazy("Bought by"))
    def bought_by(self, order: Order) -> str:
        return written_out(order.buyer, _PARTY)

    @admin.display(description=gettext_lazy("Sold by"))
    def sold_by(self, order: Order) -> str:
        return written_out(order.seller, _PARTY)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_order")

    @admin.action(description=gettext_lazy("Accept for the vendor"), permissions=["decide"])
    def accept(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        act_on_each(self, request, rows, lambda order: services.accept_order(order, by=request.user))

    @admin.action(description=gettext_lazy("Mark ready for pick-up"), permissions=["decide"])
    def make_ready(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        act_on_each(self, request, rows, lambda order: services.mark_ready(order, by=request.user))

    @admin.action(description=gettext_lazy("Reject (needs a reason)"), permissions=["decide"])
    @asks_password_again
    def reject(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        act_on_each(
            self,
            request,
            rows,
            lambda order: services.reject_order(order, reason=required_reason(request), by=request.user),
        )

    @admin.action(description=gettext_lazy("Cancel (needs a reason)"), permissions=["decide"])
    @asks_password_again
    def cancel(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        act_on_each(
            self,
            request,
            rows,
            lambda order: services.cancel_order(order, reason=required_reason(request), by=request.user),
        )


@admin.register(OrderLine)
class OrderLineAdmin(Exportable, SearchByCode, ReadOnlyAdmin):
    list_display = ("order", "product", "name", "quantity", "unit_price", "total", "reservation")
    list_filter = ("reservation",)
    search_codes = {"ORD": "order", "P": "product"}
    search_help_text = gettext_lazy("ORD1001 or P1001")
    list_select_related = ("order", "product")
    ordering = ("-id",)
    actions = ("export",)


@admin.register(CartItem)
class CartItemAdmin(SearchByCode, ReadOnlyAdmin):
    list_display = ("retailer", "product", "quantity", "added_at")
    search_codes = {"R": "retailer", "P": "product"}
    search_names = {"retailer": "company_name"}
    list_select_related = ("retailer", "product")
    ordering = ("-id",)


@admin.register(ProblemReport)
class ProblemReportAdmin(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    """Operations' queue: what buyers say is wrong with their orders, the open ones to be closed."""

    list_display = ("code", "order", "kind", "status", "reported_by", "created_at")
    list_filter = ("status", "kind", "created_at")
    search_codes = {"ORD": "order", "R": "order__retailer", "V": "order__vendor"}
    search_texts = ("text",)
    search_help_text = gettext_lazy(
        "PR1001, ORD1001, R2001, V1001 or words of the report (three letters or more)"
    )
    list_select_related = ("order", "reported_by")
    ordering = ("-status", "-id")
    action_form = ReasonForm
    actions = ("close", "export")

    def history_codes(self, thing: ProblemReport) -> list[str]:
        return [thing.code, thing.order.code]

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_problemreport")

    @admin.action(description=gettext_lazy("Close (say what was done)"), permissions=["close"])
    def close(self, request: HttpRequest, rows: QuerySet[ProblemReport]) -> None:
        act_on_each(
            self,
            request,
            rows,
            lambda report: services.close_report(report, note=required_reason(request), by=request.user),
        )
