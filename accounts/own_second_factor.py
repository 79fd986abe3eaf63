"""Pages on which vendors, retailers and drivers set up a second factor, if they want one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import services, sessions
from accounts.errors import InvalidCredentials
from accounts.forms import CodeForm, show_refusal
from accounts.models import User
from accounts.pages import signed_in_required
from accounts.rights import actor
from accounts.second_factor import has_second_factor, recovery_codes_left
from accounts.second_factor_views import codes_as_file, draw_secret, write_secret
from aqad.lib.errors import DomainError
from aqad.lib.text.form_fields import SecretField


class PasswordForm(forms.Form):
    """Whoever changes how one signs in shows that it is still the same person."""

    password = SecretField(
        label=gettext_lazy("Present password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordAndCodeForm(PasswordForm, CodeForm):
    field_order = ("password", "otp")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["otp"].widget.attrs.pop("autofocus", None)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def overview(request: HttpRequest) -> HttpResponse:
    """What one has; the button that was pressed renews the recovery codes or takes the second factor away."""
    user = actor(request)
    if user.is_staff:
        return redirect("admin:second_factor")
    has_one = has_second_factor(user)
    removes, renews = "remove" in request.POST, "renew" in request.POST
    removal = PasswordAndCodeForm(request.POST if removes else None, auto_id="remove_%s")
    renewal = PasswordForm(request.POST if renews else None, auto_id="renew_%s")
    if has_one and removes and removal.is_valid() and _remove(request, user, removal):
        return redirect("own-second-factor")
    if has_one and renews and renewal.is_valid() and (codes := _renew(request, user, renewal)):
        return _codes(request, codes)
    context = {"has_one": has_one, "codes_left": recovery_codes_left(user), "removal": removal}
    return render(request, "accounts/second_factor.html", {**context, "renewal": renewal})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def set_up(request: HttpRequest) -> HttpResponse:
    """The secret of a new app, switched on by its first code and the password; an earlier app ends."""
    user = actor(request)
    if user.is_staff:
        return redirect("admin:set_up_second_factor")
    form = PasswordAndCodeForm(request.POST or None)
    if form.is_valid() and (codes := _switch_on(request, user, form)):
        return _codes(request, codes)
    device = services.begin_second_factor(user)
    context = {"form": form, "picture": draw_secret(device), "secret": write_secret(device)}
    return render(request, "accounts/second_factor_set_up.html", context)


def _switch_on(request: HttpRequest, user: User, form: PasswordAndCodeForm) -> list[str]:
    if not _is_confirmed(request, user, form):
        return []
    try:
        codes = services.confirm_second_factor(user, form.cleaned_data["otp"])
    except DomainError as refusal:
        show_refusal(form, refusal)
        return []
    sessions.open_session(request, user, confirmed=True)
    return codes


def _renew(request: HttpRequest, user: User, form: PasswordForm) -> list[str]:
    return services.renew_recovery_codes(user) if _is_confirmed(request, user, form) else []


def _remove(request: HttpRequest, user: User, form: PasswordAndCodeForm) -> bool:
    """All other sessions end; this one goes on."""
    if not _is_confirmed(request, user, form):
        return False
    try:
        services.remove_second_factor(user, form.cleaned_data["otp"])
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    sessions.open_session(request, user)
    messages.success(request, _("Your second factor is off. You sign in with your password alone."))
    return True


def _is_confirmed(request: HttpRequest, user: User, form: PasswordForm) -> bool:
    try:
        services.confirm_password(user, form.cleaned_data["password"], for_what=request.path)
    except InvalidCredentials as refusal:
        form.add_error("password", str(refusal.message))
    except DomainError as refusal:
        show_refusal(form, refusal)
    return form.is_valid()


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": codes, "file": codes_as_file(actor(request), codes)}
    return render(request, "accounts/second_factor_codes.html", context)
