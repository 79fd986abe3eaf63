"""The vendor's page about its own company: what it may change itself, and its documents."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import rights
from accounts.forms import show_refusal
from accounts.pages import vendor_required
from aqad.lib.errors import DomainError, NotFound
from aqad.lib.files.documents import DOCUMENT_MAX_BYTES
from aqad.lib.files.images import IMAGE_MAX_BYTES
from aqad.lib.files.storage import private_url, public_url
from aqad.lib.web.bodies import takes_files
from vendors import selectors, services
from vendors.company_forms import CompanyForm, RenewalForm
from vendors.models import Vendor, VendorDocument

LICENCE_WARNING = timedelta(days=60)


@never_cache
@vendor_required
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(IMAGE_MAX_BYTES)
def company(request: HttpRequest) -> HttpResponse:
    vendor = selectors.vendor_of(request.user)
    form = CompanyForm(request.POST or None, request.FILES or None, initial=CompanyForm.initial_of(vendor))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_profile(vendor, by=rights.actor(request), **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect("sell-company")
    return _page(request, vendor, form, {})


@never_cache
@vendor_required
@require_POST
@takes_files(DOCUMENT_MAX_BYTES)
def document(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a newer document; an accepted one counts until it is decided."""
    if kind not in VendorDocument.Kind.values:
        raise NotFound()
    vendor = selectors.vendor_of(request.user)
    form = RenewalForm(request.POST, request.FILES, auto_id=f"{kind}_%s")
    if form.is_valid():
        try:
            services.renew_document(vendor, kind, by=rights.actor(request), **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("We have your document and will look at it."))
            return redirect("sell-company")
    return _page(request, vendor, CompanyForm(initial=CompanyForm.initial_of(vendor)), {kind: form})


def _page(
    request: HttpRequest, vendor: Vendor, form: CompanyForm, renewals: dict[str, RenewalForm]
) -> HttpResponse:
    """`renewals` are forms that were refused, by kind."""
    documents = selectors.current_documents(vendor)
    kinds = [
        {
            "kind": kind,
            "documents": [(each, private_url(each.file)) for each in documents if each.kind == kind],
            "form": renewals.get(kind) or RenewalForm(auto_id=f"{kind}_%s"),
        }
        for kind in VendorDocument.Kind.values
    ]
    told: dict[str, Any] = {"vendor": vendor, "form": form, "kinds": kinds, **_licence(vendor)}
    told["logo"] = public_url(vendor.logo) if vendor.logo else ""
    return render(request, "vendors/company.html", told)


def _licence(vendor: Vendor) -> dict[str, bool]:
    ends, today = vendor.trade_license_expiry_date, timezone.localdate()
    return {
        "licence_over": ends is not None and ends < today,
        "licence_ends_soon": ends is not None and today <= ends <= today + LICENCE_WARNING,
    }
