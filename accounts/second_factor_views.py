"""Pages of the admin site on which staff set up their second factor and get recovery codes."""

import base64
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services, sessions
from accounts.forms import CodeForm, show_refusal
from accounts.models import User
from accounts.password_again import asks_password_again
from accounts.rights import actor
from accounts.second_factor import Step, has_second_factor, next_step, recovery_codes_left
from aqad.lib.errors import DomainError


def overview(request: HttpRequest) -> HttpResponse:
    """What one has, and what can be done about it."""
    user = actor(request)
    context = {"has_one": has_second_factor(user), "codes_left": recovery_codes_left(user)}
    return _page(request, "overview", _("Second factor"), **context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """For staff who are signed in, and for those who cannot be before they have a second factor."""
    if admin.site.has_permission(request):
        return _set_up_again(request)
    user = sessions.who_waits(request)
    if user is None:
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    if next_step(user) is not Step.SET_UP:
        return redirect("sign-in-code")
    return _set_up(request, user)


@asks_password_again
def _set_up_again(request: HttpRequest) -> HttpResponse:
    return _set_up(request, actor(request))


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    form = CodeForm(request.POST if "otp" in request.POST else None)
    if form.is_valid():
        try:
            codes = services.confirm_second_factor(user, form.cleaned_data["otp"])
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            sessions.open_session(request, user, confirmed=True)
            return _codes(request, codes)
    device = services.begin_second_factor(user)
    context = {
        "form": form,
        "picture": draw_secret(device),
        "secret": write_secret(device),
        "account": user.email,
    }
    context["offer_second_factor"] = False  # this is it
    return _page(request, "set_up", _("Set up your second factor"), **context)


@never_cache
@require_POST
@asks_password_again
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes; the old ones end."""
    return _codes(request, services.renew_recovery_codes(actor(request)))


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    file = codes_as_file(actor(request), codes)
    return _page(request, "codes", _("Your recovery codes"), codes=codes, file=file)


def codes_as_file(user: User, codes: list[str]) -> str:
    """An address that is the file itself."""
    text = "\n".join([f"AQAD {user}", *codes, ""])
    return f"data:text/plain;base64,{base64.b64encode(text.encode()).decode()}"


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    everywhere = admin.site.each_context(request)
    template = f"admin/second_factor/{name}.html"
    return TemplateResponse(request, template, {**everywhere, "title": title, **context})


def draw_secret(device: TOTPDevice) -> SafeString:
    """The QR code as an inline SVG of attributes only: the content policy forbids styles."""
    import segno  # noqa: PLC0415 - no process needs it to start

    code = segno.make(device.config_url, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=5, border=3, light="#fff", dark="#000"))  # noqa: S308 - drawn here


def write_secret(device: TOTPDevice) -> str:
    """In groups of four, to be typed by hand."""
    text = base64.b32encode(device.bin_key).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
