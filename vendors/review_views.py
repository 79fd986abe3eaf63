"""The reviewers' pages in the admin site: the queue, one vendor on one screen, decisions, what runs out."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import rights
from aqad.lib.business_day import today
from aqad.lib.errors import DomainError
from aqad.lib.files.storage import NEVER_CACHED, open_private
from notifications.kinds import DOCUMENTS
from notifications.previews import previews
from vendors import history, queue, review_words, services
from vendors.errors import ChangedMeanwhile
from vendors.models import Vendor, VendorDocument
from vendors.reasons import DOCUMENT
from vendors.review_forms import STEPS, AcceptForm, DecisionForm, ReasonForm, SeenForm, decision_form
from vendors.review_page import DECIDING, JUDGING, language_of, workspace

View = Callable[..., HttpResponseBase]
PAGE = 50
HORIZON = timedelta(days=60)
# The browser's own reader of PDFs shows them inside our page; nothing in them may load or run.
IN_OUR_FRAME = "default-src 'none'; frame-ancestors 'self'"
DECIDE: dict[str, Callable[..., Vendor]] = {
    "approve": services.approve_vendor,
    "reject": services.reject_vendor,
    "suspend": services.suspend_vendor,
    "reinstate": services.reinstate_vendor,
}


def for_staff(view: View) -> View:
    """Signed-in staff who may open vendors' documents: the reviewers."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rights.actor(request).has_perm("vendors.view_vendordocument"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(checked)


@for_staff
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits for a decision, longest first."""
    page = Paginator(queue.waiting(), PAGE).get_page(request.GET.get("page"))
    keys = [each.pk for each in page]
    rows = [
        {
            "vendor": vendor,
            "matter": review_words.MATTERS[vendor.matter],
            "missing": [(DOCUMENTS[each.kind], review_words.STATES[each.state]) for each in missing],
        }
        for vendor, missing in queue.with_what_is_missing(queue.waiting().filter(pk__in=keys))
    ]
    return _page(request, "queue", title=_("Vendors waiting for review"), rows=rows, page=page)


@for_staff
@require_GET
def running_out(request: HttpRequest) -> HttpResponse:
    """Documents that run out within sixty days or have, soonest first."""
    now = today()
    found = Paginator(queue.running_out(before=now + HORIZON), PAGE).get_page(request.GET.get("page"))
    rows = [(each, DOCUMENTS[each.kind], each.expiry_date < now) for each in found if each.expiry_date]
    return _page(request, "running_out", title=_("Documents that run out"), rows=rows, page=found)


@for_staff
@require_GET
def vendor(request: HttpRequest, pk: int) -> HttpResponse:
    """One vendor on one screen."""
    found = get_object_or_404(Vendor, pk=pk)
    return _workspace(request, found, document=_number(request.GET.get("document")))


@for_staff
@require_GET
def file(request: HttpRequest, pk: int, document: int) -> FileResponse:
    """A document's file, to be shown inside our own page and nowhere else."""
    found = get_object_or_404(VendorDocument, pk=document, vendor=pk)
    response = FileResponse(open_private(found.file), content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = NEVER_CACHED
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = IN_OUR_FRAME
    return response


@for_staff
@require_POST
def accept(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    found = get_object_or_404(VendorDocument.objects.select_related("vendor"), pk=document, vendor=pk)
    form = AcceptForm(found, request.POST)
    return _judge(request, found, "accept_form", form, services.accept_document)


@for_staff
@require_POST
def reject(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    found = get_object_or_404(VendorDocument.objects.select_related("vendor"), pk=document, vendor=pk)
    form = ReasonForm(DOCUMENT, request.POST, language=language_of(found.vendor))
    return _judge(request, found, "reject_form", form, services.reject_document)


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The reason and the mail that will go out; it goes once it was shown as it is."""
    rights.require(request.user, DECIDING)
    found = get_object_or_404(Vendor, pk=pk)
    if step not in DECIDE:
        raise Http404
    if request.method != "POST" and step not in STEPS.get(Vendor.Status(found.status), ()):
        messages.warning(request, _("This is decided already: see the history."))
        return redirect("admin:vendors_review", pk)
    data = request.POST if request.method == "POST" else None
    form = decision_form(step, language_of(found), data, seen=history.version_of(found))
    if data is not None and form.is_valid() and form.was_shown(data):
        return _carry_out(request, found, step, form)
    return _page(request, "decision", **_decision(found, step, form))


def _judge(
    request: HttpRequest, document: VendorDocument, name: str, form: SeenForm, act: Callable[..., Any]
) -> HttpResponse:
    """One decision about one document; whatever stops it is told on the same page, with what was typed."""
    rights.require(request.user, JUDGING)
    vendor = document.vendor
    if not form.is_valid():
        return _workspace(request, vendor, status=400, document=document.pk, refused={name: form})
    try:
        act(vendor, document.kind, by=rights.actor(request), **form.decision())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        since = form.cleaned_data["seen"] if isinstance(refusal, ChangedMeanwhile) else None
        form.look_again(history.version_of(vendor))
        return _workspace(
            request, vendor, status=refusal.status, document=document.pk, since=since, refused={name: form}
        )
    messages.success(request, review_words.JUDGED[name] % {"paper": DOCUMENTS[document.kind]})
    return redirect("admin:vendors_review", vendor.pk)


def _carry_out(request: HttpRequest, vendor: Vendor, step: str, form: SeenForm) -> HttpResponse:
    """Decide, then on to who waits next; if somebody was faster, back to what is new."""
    _before, after = queue.neighbours(vendor)
    try:
        DECIDE[step](vendor, by=rights.actor(request), **form.decision())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return _workspace(request, vendor, status=refusal.status, since=form.cleaned_data["seen"])
    messages.success(request, review_words.DONE[step] % {"company": vendor.company_name})
    return redirect("admin:vendors_review", after.pk) if after else redirect("admin:vendors_review_queue")


def _decision(vendor: Vendor, step: str, form: SeenForm) -> dict[str, Any]:
    reason = form.show() if form.is_bound and form.is_valid() else ""
    needs_reason = isinstance(form, DecisionForm)
    mails = [] if needs_reason and not reason else previews(services.decision_message(step, vendor, reason))
    if needs_reason and not mails:
        form.fields["ready"].widget.attrs["autofocus"] = True
    return {
        "title": f"{review_words.STEPS[step]}: {vendor.company_name}",
        "vendor": vendor,
        "step": step,
        "step_word": review_words.STEPS[step],
        "form": form,
        "needs_reason": needs_reason,
        "mails": mails,
    }


def _workspace(
    request: HttpRequest, vendor: Vendor, *, status: int = 200, since: int | None = None, **shown: Any
) -> HttpResponse:
    vendor.refresh_from_db()
    told = workspace(vendor, rights.actor(request), since=since, **shown)
    return _page(request, "vendor", status=status, title=vendor.company_name, **told)


def _page(request: HttpRequest, name: str, *, status: int = 200, **told: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False, **told}
    response = render(request, f"admin/vendors/review/{name}.html", context, status=status)
    response["Cache-Control"] = NEVER_CACHED
    return response


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


urlpatterns = [
    path("queue/", waiting, name="vendors_review_queue"),
    path("running-out/", running_out, name="vendors_review_running_out"),
    path("<int:pk>/review/", vendor, name="vendors_review"),
    path("<int:pk>/review/documents/<int:document>/file", file, name="vendors_review_file"),
    path("<int:pk>/review/documents/<int:document>/accept", accept, name="vendors_review_accept"),
    path("<int:pk>/review/documents/<int:document>/reject", reject, name="vendors_review_reject"),
    path("<int:pk>/review/<str:step>/", decide, name="vendors_review_decide"),
]
