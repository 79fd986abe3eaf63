"""What buyers fill in."""

import re
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from aqad.lib.text.form_fields import CodeField, DateField, FreeTextField, IntegerField, SearchField
from orders.basket import MAX_QUANTITY
from orders.models import Order, PaymentMethod, ProblemReport
from retailers.forms import AddressForm, lines_of
from retailers.models import Address, Retailer

NEW = "new"
ADDRESS_FIELDS = AddressForm.Meta.fields
_TOKEN = re.compile(r"[0-9a-f]{32}")


class CartLineForm(forms.Form):
    product = CodeField(max_length=24)
    quantity = IntegerField(min_value=0, max_value=MAX_QUANTITY)


def _method_label(title: Any, text: Any) -> Any:
    return lambda: format_html("<strong>{}</strong><small>{}</small>", title, text)


METHODS: Mapping[str, tuple[Any, Any]] = {
    PaymentMethod.CARD: (
        _("Card"),
        _("You pay on the page of the bank next. The goods are reserved for you meanwhile."),
    ),
    PaymentMethod.CASH_ON_DELIVERY: (
        _("Cash on delivery"),
        _("You pay the driver when the goods are in front of you."),
    ),
}


class CheckoutForm(AddressForm):
    """Where to, how it is paid, and a note. The fields of an address count only where a new one is chosen."""

    address = forms.ChoiceField(label=_("Deliver to"), widget=forms.RadioSelect)
    keep_address = forms.BooleanField(
        label=_("Keep this address for next time"), required=False, initial=True
    )
    payment_method = forms.ChoiceField(label=_("Payment"), widget=forms.RadioSelect)
    note = FreeTextField(
        label=_("Note for the vendors"),
        max_length=500,
        required=False,
        help_text=_("For example when somebody is there to take the goods."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    purchase_order_number = CodeField(
        label=_("Your purchase order number"),
        max_length=60,
        required=False,
        help_text=_("It stands on the papers of every order."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, retailer: Retailer, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        addresses = list(retailer.addresses.all())
        first = str(addresses[0].pk) if addresses else NEW
        super().__init__(data, initial={"address": first, "payment_method": self._methods()[0], **initial})
        self._choose(
            "address", [*((str(each.pk), _address_label(each)) for each in addresses), _new_address()]
        )
        self._choose("payment_method", [(name, _method_label(*METHODS[name])()) for name in self._methods()])
        sent = str(self.data.get("token", ""))
        self.token = sent if _TOKEN.fullmatch(sent) else uuid.uuid4().hex
        self.shown_total = _amount(self.data.get("shown_total", ""))

    def full_clean(self) -> None:
        super().full_clean()
        if not self.wants_new_address:
            for name in ADDRESS_FIELDS:
                self.errors.pop(name, None)

    @property
    def wants_new_address(self) -> bool:
        return self["address"].value() == NEW

    def asked_address(self) -> int | dict[str, str]:
        """The id of an own address, or the fields of another one."""
        if not self.wants_new_address:
            return int(self.cleaned_data["address"])
        return {name: self.cleaned_data.get(name) or "" for name in ADDRESS_FIELDS}

    @classmethod
    def draft_of(cls, data: Mapping[str, Any]) -> dict[str, str]:
        """What was typed, short enough for a session."""
        names = {*cls.base_fields}
        return {name: str(data[name])[:600] for name in names if name in data}

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    @staticmethod
    def _methods() -> list[str]:
        return [name for name in METHODS if name != PaymentMethod.CARD or settings.GATEWAY]


class OrderFilterForm(forms.Form):
    """The filters of the list; what cannot be read filters nothing."""

    search = SearchField(label=_("Search"), max_length=100, required=False)
    since = DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", ""), *Order.Status.choices], widget=forms.HiddenInput
    )

    def filters(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CancelForm(forms.Form):
    reason = FreeTextField(
        label=_("Why do you cancel?"),
        max_length=1000,
        help_text=_("The vendor reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is wrong?"), choices=ProblemReport.Kind.choices, widget=forms.RadioSelect
    )
    text = FreeTextField(
        label=_("Tell us more"),
        max_length=1000,
        help_text=_("Which products, how many, and what you would like us to do."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _address_label(address: Address) -> Any:
    return format_html(
        "<strong>{}</strong><small>{}</small>", address.label or address.line1, lines_of(address)
    )


def _new_address() -> tuple[str, Any]:
    return NEW, format_html("<strong>{}</strong><small>{}</small>", _("Another address"), _("Enter it here."))


def _amount(text: Any) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return Decimal(-1)
