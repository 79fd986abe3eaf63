"""The vendor's pages about its products: list, form, pictures."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import show_refusal
from accounts.pages import vendor_required
from aqad.lib import codes
from aqad.lib.errors import DomainError, NotFound
from aqad.lib.files.images import IMAGE_MAX_BYTES
from aqad.lib.files.storage import StorageUnavailable
from aqad.lib.text.cleaning import readable_search
from aqad.lib.web.bodies import takes_files
from aqad.lib.web.kept_uploads import KeptUploads
from catalog import forms, selectors, stock_reads
from catalog.models import Product, ProductImage, StockMovement
from catalog.services import images, products, stock
from vendors.selectors import vendor_of

page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 25
SORTS = {
    "": gettext_lazy("Newest first"),
    "name": gettext_lazy("By name"),
    "price": gettext_lazy("Cheapest first"),
    "-price": gettext_lazy("Dearest first"),
}


@never_cache
@vendor_required
@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    status, sort = request.GET.get("status", ""), request.GET.get("ordering", "")
    search = readable_search(request.GET.get("search", ""), longest=100)
    own = Product.objects.owned_by(request.user)
    counts = selectors.counts_by_status(own)
    shown = own.filter(status=status) if status in counts else own.exclude(status=Product.Status.ARCHIVED)
    sort = sort if sort in SORTS else ""
    found = selectors.listed(shown, selectors.Filters(search=search), sort)
    rows = _page(request, selectors.with_details(stock_reads.with_stock(found)))
    told = {"page": rows, "counts": counts, "status": status, "sorts": SORTS, "sort": sort, "search": search}
    return render(request, "catalog/sell/products.html", told)


@never_cache
@vendor_required
@page
@takes_files(images.MAX_IMAGES * IMAGE_MAX_BYTES)
def product_new(request: HttpRequest) -> HttpResponse:
    vendor, kept = vendor_of(request.user), KeptUploads(request.session, "new-product")
    if request.method != "POST":
        kept.forget()  # they were of another product, perhaps
    files, initial = kept.added_to(request.FILES), forms.NewProductForm.initial_of()
    form = forms.NewProductForm(request.POST or None, files or None, initial=initial)
    tiers: Any = forms.TierRows(request.POST or None, prefix="tiers")
    if request.method == "POST" and _both_valid(form, tiers):
        try:
            made = products.create_product(
                vendor, by=request.user, price_tiers=tiers.values(), **form.cleaned_data
            )
        except DomainError as error:
            forms.show_product_refusal(form, tiers, error)
        else:
            kept.forget()
            messages.success(request, _("%(name)s is listed.") % {"name": made.name})
            return redirect("sell-product", made.code)
    _keep_pictures(request, form, kept)
    return render(request, "catalog/sell/product_form.html", {"form": form, "tiers": tiers})


@never_cache
@vendor_required
@page
def product(request: HttpRequest, code: str) -> HttpResponse:
    found = own_product(request, code)
    form, tiers = _forms_of(request, found)
    if request.method == "POST" and _both_valid(form, tiers):
        try:
            products.update_product(found, by=request.user, price_tiers=tiers.values(), **form.cleaned_data)
        except DomainError as error:
            forms.show_product_refusal(form, tiers, error)
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect("sell-product", found.code)
    told = {"form": form, "tiers": tiers, "product": found, "images_form": forms.ImagesForm()}
    return render(request, "catalog/sell/product_form.html", told)


@vendor_required
@require_POST
def product_archive(request: HttpRequest, code: str) -> HttpResponse:
    found = own_product(request, code)
    products.archive_product(found, by=request.user)
    messages.success(request, _("%(name)s is archived and no longer sold.") % {"name": found.name})
    return redirect("sell-products")


@vendor_required
@require_POST
def product_quick(request: HttpRequest, code: str) -> HttpResponse:
    """One figure of a row of the list: `price`, or `received` cartons added to the stock."""
    found = own_product(request, code)
    is_price = "price" in request.POST
    form = (forms.PriceForm if is_price else forms.ReceiptForm)(request.POST)
    if form.is_valid():
        try:
            _change_one(request, found, form.cleaned_data)
        except DomainError as error:
            show_refusal(form, _beside(error, next(iter(form.fields)), form))
        else:
            found = own_product(request, code)
    told = {"product": found, "price_form" if is_price else "receipt_form": form, "changed": form.is_valid()}
    if request.htmx:  # type: ignore[attr-defined] # set by django_htmx
        return render(request, "catalog/sell/_row.html", told)
    if not form.is_valid():
        return render(request, "catalog/sell/quick.html", told)
    return redirect(f"{reverse('sell-products')}?{request.POST.get('back', '')}")


@vendor_required
@require_POST
@takes_files(images.MAX_IMAGES * IMAGE_MAX_BYTES)
def images_add(request: HttpRequest, code: str) -> HttpResponse:
    """Put the pictures sent behind those there. Where there are too many, the first of them are kept."""
    found = own_product(request, code)
    form = forms.ImagesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            for picture in form.cleaned_data["images"]:
                images.add_image(found, picture, by=request.user)
        except DomainError as error:
            show_refusal(form, error)
    return _images_answer(request, found, form)


@vendor_required
@require_POST
def images_order(request: HttpRequest, code: str) -> HttpResponse:
    """Put picture `image` at `position`, counted from 1."""
    found = own_product(request, code)
    position = request.POST.get("position", "")
    if position.isascii() and position.isdigit():
        picture = _picture(found, request.POST.get("image", ""))
        images.change_image(picture, position=min(int(position), images.MAX_IMAGES), by=request.user)
    return _images_answer(request, found, forms.ImagesForm())


@vendor_required
@require_POST
def image_delete(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    found = own_product(request, code)
    images.delete_image(_picture(found, str(pk)), by=request.user)
    return _images_answer(request, found, forms.ImagesForm())


def own_product(request: HttpRequest, code: str) -> Product:
    """A product of the caller's company, with what its pages show. Raises NotFound."""
    own = selectors.with_details(stock_reads.with_stock(Product.objects.owned_by(request.user)))
    found: Product | None = own.filter(pk=codes.parse(code, Product.CODE_PREFIX) or 0).first()
    if found is None:
        raise NotFound()
    return found


@never_cache
@vendor_required
@page
def stock_page(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of one product, a form that changes them, and every movement so far."""
    found = own_product(request, code)
    form = forms.StockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stock.adjust_stock(found, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, _beside(error, "change", form))
        else:
            messages.success(request, _("The stock is changed."))
            return redirect("sell-stock", found.code)
    movements = _page(request, stock_reads.movements_of(found))
    told = {"product": found, "form": form, "page": movements, "days_left": stock_reads.days_left(found)}
    return render(request, "catalog/sell/stock.html", told)


@never_cache
@vendor_required
@require_safe
def stock_overview(request: HttpRequest) -> HttpResponse:
    """What runs out first stands first."""
    own = Product.objects.owned_by(request.user)
    rows = _page(request, selectors.with_details(stock_reads.low_first(own)))
    for each in rows:
        each.days_left = stock_reads.days_left(each)
    told = {"page": rows, "totals": stock_reads.totals(own)}
    return render(request, "catalog/sell/stock_overview.html", told)


def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _forms_of(request: HttpRequest, found: Product) -> tuple[forms.ProductForm, Any]:
    rows = [{"min_quantity": tier.min_quantity, "price": tier.price} for tier in found.price_tiers.all()]
    form = forms.ProductForm(request.POST or None, product=found, initial=forms.ProductForm.initial_of(found))
    if request.method == "POST":
        return form, forms.TierRows(request.POST, prefix="tiers")
    return form, forms.TierRows(prefix="tiers", initial=rows)


def _keep_pictures(request: HttpRequest, form: forms.NewProductForm, kept: KeptUploads) -> None:
    """Hold the good pictures of a refused form: no browser sends them again by itself."""
    sent = request.FILES.getlist("images")
    if sent and "images" not in form.errors:
        with suppress(StorageUnavailable):  # they are chosen once more, then
            kept.keep(
                "images", zip(form.cleaned_data["images"], (file.name or "" for file in sent), strict=True)
            )
    form.fields["images"].kept = kept.names.get("images", ())  # type: ignore[attr-defined]


def _both_valid(form: forms.ProductForm, tiers: Any) -> bool:
    """Asks both, so that every mistake is shown at once."""
    return all([form.is_valid(), tiers.is_valid()])


def _change_one(request: HttpRequest, found: Product, values: dict[str, Any]) -> None:
    if "received" in values:
        stock.adjust_stock(found, values["received"], StockMovement.Kind.RECEIVED, by=request.user)
    else:
        products.update_product(found, by=request.user, **values)


def _beside(error: DomainError, name: str, form: Any) -> DomainError:
    """The refusal said of field `name` where it names none that the form has."""
    named = any(each in form.fields for each in error.errors)
    return error if named else DomainError(errors={name: [error.message]})


def _picture(found: Product, key: str) -> ProductImage:
    """One of the product's own pictures. Raises NotFound."""
    known = {str(each.pk): each for each in found.images.all()}
    if key not in known:
        raise NotFound()
    return known[key]


def _images_answer(request: HttpRequest, found: Product, form: forms.ImagesForm) -> HttpResponse:
    """The pictures as they are now: for a script that part alone, else the product's page."""
    if not request.htmx and not form.errors:  # type: ignore[attr-defined] # set by django_htmx
        return redirect(f"{reverse('sell-product', args=[found.code])}#images")
    now = own_product(request, found.code)
    template = "catalog/sell/_images.html" if request.htmx else "catalog/sell/images.html"  # type: ignore[attr-defined]
    return render(request, template, {"product": now, "images_form": form})
