from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.password_again import asks_password_again
from aqad.lib.admin import ReadOnlyAdmin, ReasonForm, SearchByCode, act_on_each, required_reason
from orders import services
from orders.models import CartItem, Checkout, Order, OrderLine, ProblemReport


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
class CheckoutAdmin(SearchByCode, ReadOnlyAdmin):
    list_display = ("code", "retailer", "status", "payment_method", "total", "reserved_until", "created_at")
    list_filter = ("status", "payment_method", "created_at")
    search_fields = ("retailer__company_name",)
    list_select_related = ("retailer",)
    ordering = ("-id",)
    inlines = (OrdersInline,)


@admin.register(Order)
class OrderAdmin(SearchByCode, ReadOnlyAdmin):
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
    list_filter = ("status", "vendor__status", "payment_method", "created_at")
    search_fields = ("vendor__company_name", "retailer__company_name", "purchase_order_number")
    list_select_related = ("vendor", "retailer")
    ordering = ("-id",)
    inlines = (LinesInline,)
    action_form = ReasonForm
    actions = ("accept", "make_ready", "reject", "cancel")

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
class OrderLineAdmin(ReadOnlyAdmin):
    list_display = ("order", "product", "name", "quantity", "unit_price", "total", "reservation")
    list_filter = ("reservation",)
    search_fields = ("name", "=sku")
    list_select_related = ("order", "product")
    ordering = ("-id",)


@admin.register(CartItem)
class CartItemAdmin(ReadOnlyAdmin):
    list_display = ("retailer", "product", "quantity", "added_at")
    search_fields = ("retailer__company_name", "product__name")
    list_select_related = ("retailer", "product")
    ordering = ("-id",)


@admin.register(ProblemReport)
class ProblemReportAdmin(SearchByCode, ReadOnlyAdmin):
    """Operations' queue: what buyers say is wrong with their orders, the open ones to be closed."""

    list_display = ("code", "order", "kind", "status", "reported_by", "created_at")
    list_filter = ("status", "kind", "created_at")
    search_fields = ("text", "order__retailer__company_name", "order__vendor__company_name")
    list_select_related = ("order", "reported_by")
    ordering = ("-status", "-id")
    actions = ("close",)

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_problemreport")

    @admin.action(description=gettext_lazy("Close: it is seen to"), permissions=["close"])
    def close(self, request: HttpRequest, rows: QuerySet[ProblemReport]) -> None:
        act_on_each(self, request, rows, lambda report: services.close_report(report, by=request.user))
