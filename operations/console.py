"""The operations console: three questions as pages of the admin site."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rights
from aqad.lib.errors import DomainError, NotFound
from aqad.lib.text.cleaning import readable_search
from aqad.lib.text.form_fields import FreeTextField, IntegerField
from catalog.services.stock_correction import Counters
from operations import stock_correction
from operations.doctor.findings import Report
from operations.doctor.login import question as login_question
from operations.doctor.slow import question as slow_question
from operations.doctor.stock import question as stock_question

View = Callable[..., HttpResponse]


def staff_with(permission: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """As the admin site asks people to sign in; Forbidden for staff without the permission."""

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            def allowed(request: HttpRequest) -> HttpResponseBase:
                rights.require(request.user, permission)
                return view(request, *args, **kwargs)

            return admin.site.admin_view(allowed)(request)

        return guarded

    return decorate


class CorrectionForm(forms.Form):
    """`on_hand` and `reserved` are the counters as they were shown: what moved since is shown again."""

    on_hand = IntegerField(widget=forms.HiddenInput)
    reserved = IntegerField(widget=forms.HiddenInput)
    reason = FreeTextField(
        max_length=300, label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
@staff_with("operations.see_doctor")
def home(request: HttpRequest) -> HttpResponse:
    return _page(request, "home", _("Operations console"))


@require_safe
@staff_with("operations.see_doctor")
def slow(request: HttpRequest) -> HttpResponse:
    return _report(request, slow_question.ask())


@require_safe
@staff_with("operations.see_doctor")
def login(request: HttpRequest) -> HttpResponse:
    email = readable_search(request.GET.get("email", ""), longest=254)
    asked = {"name": "email", "label": _("E-mail of one person"), "value": email, "type": "email"}
    return _report(request, login_question.ask(email), asked=asked)


@require_safe
@staff_with("operations.see_doctor")
def stock(request: HttpRequest) -> HttpResponse:
    code, missing = readable_search(request.GET.get("code", ""), longest=24).upper(), ""
    try:
        report = stock_question.ask(code)
    except NotFound as error:
        report, missing = stock_question.ask(), str(error.message)
    asked = {"name": "code", "label": _("Code of one product"), "value": code, "missing": missing}
    may_correct = code and not missing and report.wrong and request.user.has_perm("operations.correct_stock")
    correct_url = reverse("operations-doctor-correct", args=[code]) if may_correct else ""
    return _report(request, report, asked=asked, correct_url=correct_url)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("operations.correct_stock")
def correct(request: HttpRequest, code: str) -> HttpResponse:
    product = stock_question.find(code)
    plan = stock_correction.plan(product)
    seen = {"on_hand": plan.before.on_hand, "reserved": plan.before.reserved}
    form = CorrectionForm(request.POST or None, initial=seen)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.pop("reason")
        try:
            seen_before = Counters(**form.cleaned_data)
            stock_correction.correct(product, seen=seen_before, by=rights.actor(request), reason=reason)
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("The stock of %(code)s is corrected.") % {"code": product.code})
        return redirect(f"{reverse('operations-doctor-stock')}?code={product.code}")
    title = _("Correct the stock of %(code)s") % {"code": product.code}
    return _page(request, "correct", title, product=product, plan=plan, form=form)


def _report(request: HttpRequest, report: Report, **more: Any) -> HttpResponse:
    return _page(request, "report", report.question, report=report, **more)


def _page(request: HttpRequest, name: str, title: str, **more: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **more}
    return render(request, f"admin/operations/{name}.html", context)
