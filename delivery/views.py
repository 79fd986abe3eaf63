"""The driver's pages, made for a phone in one hand."""

import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import driver_required
from aqad.lib import codes
from aqad.lib.errors import DomainError, Invalid
from aqad.lib.files.images import IMAGE_MAX_BYTES
from aqad.lib.text.form_fields import CodeField, FigureField, FreeTextField
from aqad.lib.web.bodies import takes_files
from aqad.lib.web.checked_form import CheckedForm
from aqad.lib.web.errors import wants_json
from aqad.lib.writing import BETWEEN
from delivery import rounds
from delivery.models import Delivery
from delivery.page_reports import report_once
from delivery.reports import StepInput
from delivery.rounds import Stop

PAGE_SIZE = 20
REASONS = (
    gettext_noop("Nobody was there"),
    gettext_noop("The shop was closed"),
    gettext_noop("The goods were refused"),
    gettext_noop("They could not pay"),
    gettext_noop("I could not find the address"),
    gettext_noop("The goods are damaged"),
)


class StepForm(CheckedForm):
    """A step as the page sends it. `reason`, one of REASONS, becomes the beginning of the note."""

    serializer = StepInput

    status = CodeField(widget=forms.HiddenInput)
    key = CodeField(max_length=100, required=False, widget=forms.HiddenInput)
    occurred_at = FigureField(required=False, widget=forms.HiddenInput)
    pin = FigureField(label=_("PIN"), required=False)
    photo = forms.FileField(label=_("Photo of the delivered goods"), required=False)
    reason = forms.ChoiceField(
        label=_("What happened?"), choices=[(reason, reason) for reason in REASONS], required=False
    )
    note = FreeTextField(label=_("Note"), required=False)

    def clean_note(self) -> str:
        parts = (self.cleaned_data.get("reason", ""), self.cleaned_data["note"].strip())
        return BETWEEN.join(part for part in parts if part)


@never_cache
@require_safe
@driver_required
def drive(request: HttpRequest) -> HttpResponse:
    """Today's deliveries by area, the next stop on top."""
    return render(request, "delivery/round.html", {"round": rounds.round_of(request.user), **_fresh()})


@never_cache
@require_safe
@driver_required
def history(request: HttpRequest) -> HttpResponse:
    page = Paginator(rounds.history_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    stops = [Stop(delivery) for delivery in page]
    return render(request, "delivery/history.html", {"page": page, "stops": stops})


@never_cache
@require_safe
@driver_required
def delivery(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _stop(request, code), StepForm())


@never_cache
@require_POST
@driver_required
@takes_files(IMAGE_MAX_BYTES)
def step(request: HttpRequest, code: str) -> HttpResponse:
    """One step, by form or by script. The `key` in the form makes a second tap harmless."""
    stop, form = _stop(request, code), StepForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise Invalid(errors={name: list(found) for name, found in form.errors.items()})
        report_once(request.user, stop.delivery, form.checked, key=form.cleaned_data["key"])
    except DomainError as error:
        if wants_json(request):
            raise
        if form.is_valid():
            form.refuse(error)
        return _page(request, _stop(request, code), form, status=error.status)
    path = reverse("drive-delivery", args=[code])
    return JsonResponse({"path": path}) if wants_json(request) else redirect(path)


def _page(request: HttpRequest, stop: Stop, form: StepForm, *, status: int = 200) -> HttpResponse:
    context = {"stop": stop, "delivery": stop.delivery, "form": form, "reasons": REASONS, **_fresh()}
    return render(request, "delivery/delivery.html", context, status=status)


def _stop(request: HttpRequest, code: str) -> Stop:
    """The delivery, if it is one of the driver's partner. Raises Http404 otherwise."""
    stop = rounds.stop_of(request.user, codes.parse(code, Delivery.CODE_PREFIX))
    if stop is None:
        raise Http404
    return stop


def _fresh() -> dict[str, Any]:
    """A new idempotency key for the forms of this page."""
    return {"key": uuid.uuid4().hex}
