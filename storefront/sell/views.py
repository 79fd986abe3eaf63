from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import vendor_required
from orders import sales
from storefront.sell import selectors
from vendors.selectors import vendor_of


@never_cache
@vendor_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """How the business goes, and what wants doing first."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, sales.PERIODS) else 30
    return render(
        request, "storefront/sell_dashboard.html", selectors.dashboard(vendor_of(request.user), days)
    )
