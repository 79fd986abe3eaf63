from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.password_again import asks_password_again
from aqad.lib.admin import ReadOnlyAdmin, SearchByCode, act_on_each
from aqad.lib.errors import InvalidTransition
from aqad.lib.wakeup import wake
from audit.exporting import Exportable
from audit.history import WithHistory
from payments import refund_page, services
from payments.gateways.base import RefundState
from payments.models import Payment, Refund, RefundAllocation, WebhookEvent


class RefundsInline(admin.TabularInline):
    model = Refund
    extra = 0
    can_delete = False
    fields = ("amount", "status", "reason", "gateway_reference", "failure_reason", "created_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Payment)
class PaymentAdmin(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    list_display = (
        "code",
        "checkout",
        "method",
        "status",
        "amount",
        "amount_paid",
        "amount_refunded",
        "failure_reason",
        "created_at",
    )
    list_filter = ("status", "created_at")
    search_codes = {"CHK": "checkout", "ORD": "checkout__orders", "R": "checkout__retailer"}
    search_fields = ("=gateway_session",)
    search_help_text = gettext_lazy("PAY1001, CHK1001, ORD1001, R2001 or the company's session")
    list_select_related = ("checkout",)
    ordering = ("-id",)
    inlines = (RefundsInline,)
    change_form_template = "admin/payments/payment/change_form.html"
    actions = ("ask_gateway", "export")

    def get_urls(self) -> list[Any]:
        return [*refund_page.urls(), *super().get_urls()]

    def history_codes(self, thing: Payment) -> list[str]:
        return [
            thing.code,
            thing.checkout.code,
            *(order.code for order in thing.checkout.orders.all()),
            *(refund.code for refund in thing.refunds.all()),
        ]

    def has_ask_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_payment")

    @admin.action(description=gettext_lazy("Ask the gateway how it stands"), permissions=["ask"])
    def ask_gateway(self, request: HttpRequest, rows: QuerySet[Payment]) -> None:
        act_on_each(self, request, rows, self._ask)

    def _ask(self, payment: Payment) -> None:
        if not payment.gateway_session:
            raise InvalidTransition
        Payment.objects.filter(pk=payment.pk).update(poll_at=Now())
        wake("payments.tasks.poll_payment", payment.pk)


@admin.register(Refund)
class RefundAdmin(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    list_display = ("id", "payment", "amount", "status", "reason", "attempts", "failure_reason", "created_at")
    list_filter = ("status", "created_at")
    search_codes = {"PAY": "payment", "ORD": "allocations__order"}
    search_fields = ("=gateway_reference",)
    search_help_text = gettext_lazy("PAY1001, ORD1001 or the company's reference")
    list_select_related = ("payment",)
    ordering = ("-id",)
    actions = ("paid_out_by_hand", "export")

    def history_codes(self, thing: Refund) -> list[str]:
        orders = (f"ORD{part.order_id}" for part in thing.allocations.all())
        return [thing.code, thing.payment.code, *orders]

    def has_pay_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_refund")

    @admin.action(description=gettext_lazy("Cash refund was paid out by hand"), permissions=["pay_out"])
    @asks_password_again
    def paid_out_by_hand(self, request: HttpRequest, rows: QuerySet[Refund]) -> None:
        act_on_each(
            self, request, rows.select_related("payment"), lambda refund: self._pay_out(request, refund)
        )

    def _pay_out(self, request: HttpRequest, refund: Refund) -> None:
        if refund.payment.gateway or refund.status != Refund.Status.PENDING:
            raise InvalidTransition
        services.settle_refund(refund, RefundState("succeeded", ""), by=request.user)


@admin.register(RefundAllocation)
class RefundAllocationAdmin(Exportable, SearchByCode, ReadOnlyAdmin):
    list_display = ("refund", "order", "amount")
    search_codes = {"ORD": "order", "PAY": "refund__payment"}
    actions = ("export",)
    list_select_related = ("refund", "order")
    ordering = ("-id",)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = (
        "event_id",
        "gateway",
        "type",
        "reference",
        "status",
        "attempts",
        "last_error",
        "received_at",
    )
    list_filter = ("status", "received_at")
    search_fields = ("=event_id", "=reference", "=session_id", "=request_id")
    ordering = ("-id",)
    actions = ("try_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_webhookevent")

    @admin.action(description=gettext_lazy("Process again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, rows: QuerySet[WebhookEvent]) -> None:
        rows.exclude(status=WebhookEvent.Status.DONE).update(
            status=WebhookEvent.Status.PENDING, due_at=Now(), attempts=0
        )
