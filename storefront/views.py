from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import check_for_language
from django.views import i18n
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url, replace_url
from django_htmx.middleware import HtmxDetails

from accounts import services as accounts
from aqad.lib.text.cleaning import readable_search
from storefront import finding, product_page, selectors
from storefront.listing import Listing, Place
from vendors import selectors as vendors


class Request(HttpRequest):
    """As HtmxMiddleware leaves it."""

    htmx: HtmxDetails


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What AQAD is, and where to go from here."""
    return render(request, "storefront/home.html", selectors.start_page())


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def products(request: Request) -> HttpResponse:
    """Everything that is sold, searched and filtered."""
    return _list(request, "storefront/products.html", Listing(Place(request.path), request.GET))


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def category(request: Request, slug: str) -> HttpResponse:
    """One shelf, with what lies below it."""
    shelf = finding.shelf(slug)
    listing = Listing(Place(request.path, {"category": slug}), request.GET)
    return _list(request, "storefront/category.html", listing, **shelf)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def vendor(request: Request, code: str) -> HttpResponse:
    """The public face of a company, and what it sells."""
    company = vendors.get_public_vendor(code)
    listing = Listing(Place(request.path, {"vendor": company.code}), request.GET)
    return _list(request, "storefront/vendor.html", listing, company=company)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the search at the top offers while one types."""
    words = readable_search(request.GET.get("search", ""), longest=200)
    return render(request, "storefront/_suggestions.html", finding.suggestions(words))


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def product(request: Request, code: str) -> HttpResponse:
    """One product; as a fragment, its offer at another quantity."""
    shown = product_page.find(code, request.user)
    offer = product_page.offer(shown, request.GET.get("quantity", ""))
    if request.htmx and request.htmx.target == "offer":
        emirate = product_page.emirate_of(request.user)
        return render(request, "storefront/_offer.html", {"offer": offer, "emirate": emirate})
    return render(
        request, "storefront/product.html", {"offer": offer, **product_page.page(shown, request.user)}
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Kept in a cookie, and in the account of whoever is signed in: mails speak that language too."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(language):
        accounts.update_person(request.user, by=request.user, language=language)
    return i18n.set_language(request)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a device keeps to show when the line is down."""
    return render(request, "errors/offline.html")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page for a lost connection; at the root, to answer for every page."""
    answer = render(request, "storefront/service_worker.js", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


def _list(request: Request, template: str, listing: Listing, **context: Any) -> HttpResponse:
    """The page; or, asked for by htmx, its results and facets, with the address it now has."""
    context["listing"] = listing
    if not (request.htmx and request.htmx.target == "listing"):
        return render(request, template, context)
    response = render(request, "storefront/_answer.html", context)
    is_typed = request.htmx.trigger_name == "search"
    return (replace_url if is_typed else push_url)(response, listing.address)
