"""How a shop joins AQAD: one page, and it may order at once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import sessions
from accounts.forms import PersonFields
from accounts.joining import limit_registrations
from accounts.pages import after_sign_in
from accounts.views import page
from aqad.lib import uae
from aqad.lib.errors import DomainError
from aqad.lib.text.form_fields import CodeField, FigureField, NameField
from aqad.lib.web.checked_form import CheckedForm
from retailers import services
from retailers.api.serializers import RetailerRegistration

EMIRATES = [("", gettext_lazy("Choose an emirate")), *uae.EMIRATES]


class RetailerForm(PersonFields, CheckedForm):
    serializer = RetailerRegistration
    nested = ("address",)

    company_name = NameField(
        label=gettext_lazy("Name of the shop or company"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    trade_license_number = CodeField(label=gettext_lazy("Trade licence number"), required=False)
    trn = FigureField(
        label=gettext_lazy("Tax registration number (TRN)"),
        required=False,
        help_text=gettext_lazy("15 digits. It is printed on your invoices."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    address_line1 = NameField(
        label=gettext_lazy("Street, building, shop number"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    address_area = NameField(
        label=gettext_lazy("Area"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level3"}),
    )
    address_emirate = CodeField(
        label=gettext_lazy("Emirate"),
        required=False,
        widget=forms.Select(choices=EMIRATES, attrs={"autocomplete": "address-level1"}),
    )


@never_cache
@sensitive_post_parameters("password")
@page
def register(request: HttpRequest) -> HttpResponse:
    """A new retailer, signed in at once and led back to where the wish to join arose."""
    form = RetailerForm(request.POST or None)
    if request.method == "POST":
        limit_registrations(request)
        if form.is_valid() and (answer := _register(request, form)):
            return answer
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "accounts/register_retailer.html", {"form": form, "next": wanted})


def _register(request: HttpRequest, form: RetailerForm) -> HttpResponse | None:
    """To the first page of a retailer; None after writing the refusal into the form."""
    try:
        retailer = services.register_retailer(**form.checked, language=request.LANGUAGE_CODE)
    except DomainError as error:
        form.refuse(error)
        return None
    user: Any = retailer.members.get().user
    sessions.open_session(request, user)
    messages.success(request, _("Welcome to AQAD. We mailed you a link that confirms your address."))
    return redirect(after_sign_in(request))
