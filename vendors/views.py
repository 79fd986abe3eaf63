from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import show_refusal
from aqad.lib.errors import DomainError
from vendors import selectors, services
from vendors.forms import CorrectionForm
from vendors.models import Vendor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: where the application stands, and a form while there is something to mend."""
    vendor = selectors.by_application_link(token)
    documents = selectors.current_documents(vendor)
    form = None
    if vendor.status == Vendor.Status.REJECTED:
        form = CorrectionForm(request.POST or None, request.FILES or None, instance=vendor)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            services.correct_application(vendor, **form.correction())
            return redirect(request.path)
        except DomainError as error:
            show_refusal(form, error)
    return render(
        request, "vendors/application.html", {"vendor": vendor, "documents": documents, "form": form}
    )
