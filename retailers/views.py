from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import retailer_required
from retailers import services
from retailers.forms import OwnAddressForm
from retailers.models import Address
from retailers.selectors import get_address, retailer_of

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
@retailer_required
def addresses(request: HttpRequest) -> HttpResponse:
    own = retailer_of(request.user).addresses.all()
    return render(request, "retailers/addresses.html", {"addresses": own})


@never_cache
@page
@retailer_required
def address_new(request: HttpRequest) -> HttpResponse:
    retailer = retailer_of(request.user)
    form = OwnAddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_address(retailer, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("The address is kept."))
        return redirect("addresses")
    return render(request, "retailers/address.html", {"form": form})


@never_cache
@page
@retailer_required
def address(request: HttpRequest, pk: int) -> HttpResponse:
    own = get_address(retailer_of(request.user), pk)
    form = OwnAddressForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        services.change_address(own, by=request.user, **_changes(form))  # type: ignore[arg-type]
        messages.success(request, _("The address is changed. Orders on their way go where they were sent."))
        return redirect("addresses")
    return render(request, "retailers/address.html", {"form": form, "address": own})


@require_POST
@retailer_required
def address_delete(request: HttpRequest, pk: int) -> HttpResponse:
    services.remove_address(_own(request, pk), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The address is removed."))
    return redirect("addresses")


def _own(request: HttpRequest, pk: int) -> Address:
    return get_address(retailer_of(request.user), pk)


def _changes(form: OwnAddressForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.changed_data}
