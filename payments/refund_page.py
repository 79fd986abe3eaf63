"""Giving money back, from a payment's page in the admin site: the same rules as the API's."""

import re
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import rights
from accounts.errors import IdempotencyMismatch
from accounts.password_again import asks_password_again
from aqad.lib.errors import DomainError
from aqad.lib.money import ZERO
from aqad.lib.text.form_fields import FigureField, FreeTextField
from aqad.lib.web.checked_form import CheckedForm
from aqad.lib.writing import aed
from orders.models import Order
from payments import selectors, services
from payments.models import Payment
from payments.refund_input import RefundInput

REFUNDING = "payments.add_refund"
_TOKEN = re.compile(r"[0-9a-f]{32}")


class RefundForm(CheckedForm):
    """How much, why and for which order. `token` marks this form, however often it is sent."""

    serializer = RefundInput
    amount = FigureField(
        label=gettext_lazy("Amount in AED"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}),
    )
    order = forms.ChoiceField(label=gettext_lazy("For which order"), required=False)
    reason = FreeTextField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It goes to the payment company and into the history."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, left: dict[int, Decimal], data: Any = None) -> None:
        super().__init__(data)
        all_of_them = _("All of them, in proportion to what is left of each")
        each = [
            (code, f"{code} · {aed(amount)}")
            for code, amount in ((f"{Order.CODE_PREFIX}{pk}", amount) for pk, amount in left.items())
        ]
        order: Any = self.fields["order"]
        order.choices = each if len(each) == 1 else [("", all_of_them), *each]
        sent = str(self.data.get("token", ""))
        self.token = sent if _TOKEN.fullmatch(sent) else uuid.uuid4().hex

    def refuse(self, error: DomainError) -> None:
        """Beside the field it is about. A form that was sent before with other figures is a new one now."""
        if isinstance(error, IdempotencyMismatch):
            self.token = uuid.uuid4().hex
            text = _("This form was sent before, and that refund was made. Is this one wanted besides?")
            self.add_error(None, text)
        elif error.code == "refund_exceeds_paid":
            self.add_error("amount", str(error.message))
        else:
            super().refuse(error)

    def take_focus(self) -> None:
        """To the first field that is wrong, or the first of all."""
        wrong = (name for name in self.fields if name in self.errors)
        self.fields[next(wrong, "amount")].widget.attrs["autofocus"] = True


@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, pk: int) -> HttpResponseBase:
    rights.require(request.user, REFUNDING)
    return _refund(request, get_object_or_404(Payment.objects.select_related("checkout"), pk=pk))


@asks_password_again
def _refund(request: HttpRequest, payment: Payment) -> HttpResponse:
    left = {pk: amount for pk, amount in selectors.refundable_by_order(payment).items() if amount}
    form = RefundForm(left, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _promise(request, payment, form):
        return redirect("admin:payments_payment_change", payment.pk)
    form.take_focus()
    context = {
        **admin.site.each_context(request),
        "title": _("Refund of %(code)s") % {"code": payment.code},
        "payment": payment,
        "left": sum(left.values(), ZERO) if payment.amount_paid else ZERO,
        "form": form,
    }
    return render(request, "admin/payments/refund.html", context, status=400 if form.errors else 200)


def _promise(request: HttpRequest, payment: Payment, form: RefundForm) -> bool:
    """Whether there is a refund for this form now; else the form says why not."""
    asked = form.checked
    orders = Order.objects.filter(checkout=payment.checkout_id)
    try:
        made = services.request_refund_once(
            payment,
            asked["amount"],
            reason=asked["reason"],
            by=rights.actor(request),
            token=form.token,
            order=orders.get(pk=asked["order"].removeprefix(Order.CODE_PREFIX)) if "order" in asked else None,
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    text = _("The refund of %(amount)s is noted.") % {"amount": aed(made.amount)}
    messages.success(request, text)
    return True


def urls() -> list[Any]:
    view = admin.site.admin_view(refund)
    return [path("<int:pk>/refund/", view, name="payments_payment_refund")]
