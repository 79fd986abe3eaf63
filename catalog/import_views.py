"""The vendor's pages that take sheets of products in and give them out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from accounts.forms import show_refusal
from accounts.pages import vendor_required
from aqad.lib.errors import DomainError
from aqad.lib.files.clean_file import MIB
from aqad.lib.web.bodies import takes_files
from catalog import import_reads
from catalog.import_forms import ConfirmForm, SheetForm
from catalog.models import Product, ProductImport
from catalog.services import imports
from catalog.sheet_files import download, errors_of, kind_of
from catalog.sheets.exporting import products_file
from catalog.sheets.template import template_file
from vendors.selectors import vendor_of

RECENT = 10


@never_cache
@vendor_required
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(settings.IMPORT_MAX_BYTES)
def import_new(request: HttpRequest) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        (sheet, filename), options = form.cleaned_data.pop("sheet"), form.cleaned_data
        try:
            made = imports.start_import(
                vendor_of(request.user), sheet, by=request.user, filename=filename, dry_run=True, **options
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("sell-import", made.code)
    recent = ProductImport.objects.visible_to(request.user)[:RECENT]
    limits = {"megabytes": settings.IMPORT_MAX_BYTES // MIB, "rows": f"{settings.IMPORT_MAX_ROWS:,}"}
    return render(request, "catalog/sell/import_new.html", {"form": form, "recent": recent, **limits})


@never_cache
@vendor_required
@require_safe
def import_page(request: HttpRequest, code: str) -> HttpResponse:
    """How far it is; once checked, what will happen; in the end, what came of it."""
    made = import_reads.find(request.user, code)
    return render(request, "catalog/sell/import.html", _told(request, made))


@vendor_required
@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=lambda request, code: import_reads.mark(import_reads.find(request.user, code)))
def import_progress(request: HttpRequest, code: str) -> HttpResponse:
    """The bar alone, asked for again and again: 304 while nothing moved, a new page once the step is over."""
    made = import_reads.find(request.user, code)
    response = render(request, "catalog/sell/_import_progress.html", _told(request, made))
    if not made.is_running:
        response["HX-Refresh"] = "true"
    return response


@vendor_required
@require_POST
def import_confirm(request: HttpRequest, code: str) -> HttpResponse:
    made, form = import_reads.find(request.user, code), ConfirmForm(request.POST)
    form.is_valid()
    return _acted(request, made, lambda: imports.confirm_import(made, by=request.user, **form.cleaned_data))


@vendor_required
@require_POST
def import_cancel(request: HttpRequest, code: str) -> HttpResponse:
    made = import_reads.find(request.user, code)
    return _acted(request, made, lambda: imports.cancel_import(made, by=request.user))


@vendor_required
@require_safe
def import_errors(request: HttpRequest, code: str) -> HttpResponseBase:
    return errors_of(import_reads.find(request.user, code))


@vendor_required
@require_safe
def import_template(request: HttpRequest) -> HttpResponseBase:
    kind = kind_of(request)
    return download(template_file(kind), "aqad-products-template", kind)


@vendor_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    kind = kind_of(request)
    return download(products_file(Product.objects.owned_by(request.user), kind), "aqad-products", kind)


def _acted(request: HttpRequest, made: ProductImport, act: Any) -> HttpResponse:
    """Back to its page, with a word where it was refused."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("sell-import", made.code)


def _told(request: HttpRequest, made: ProductImport) -> dict[str, Any]:
    told: dict[str, Any] = {"sheet": made, "progress": import_reads.progress(made)}
    if made.is_running:
        return told
    asked = request.GET.get("rows", "")
    known = (*import_reads.OUTCOMES, import_reads.WARNED)
    outcome = asked if asked in known else import_reads.first_outcome(made)
    return told | {
        "counts": import_reads.counts(made),
        "tabs": import_reads.tabs(made),
        "outcome": outcome,
        "page": import_reads.page_of(made, outcome, request.GET.get("page")),
        "button": import_reads.what_to_do(made),
        "missing": import_reads.missing_for_new(made),
    }
