from typing import Any
from urllib.parse import urlencode

from django.contrib import auth, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import known_devices, services, sessions
from accounts.errors import AccountLocked, InvalidCredentials, WrongCode
from accounts.forms import CodeForm, EmailForm, NewPasswordForm, SignInForm, show_refusal
from accounts.models import OneTimeLink, User
from accounts.origin import origin_of
from accounts.pages import after_sign_in, in_language_of
from accounts.second_factor import Step, next_step
from aqad.lib.errors import DomainError, Invalid, RateLimited

page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@sensitive_post_parameters("password")
@page
def sign_in(request: HttpRequest) -> HttpResponse:
    """A session for the pages and the admin site; the same limits and refusals as the API's sign-in."""
    half = sessions.page_that_waits(request) if request.user.is_authenticated else ""
    if half and request.method == "GET":
        return redirect(f"{half}?{request.GET.urlencode()}")
    form, locked, refused = SignInForm(request.POST or None), None, None
    if request.method == "POST" and form.is_valid():
        try:
            services.limit_sign_ins(request.client_address)  # type: ignore[attr-defined]
            return _go_on(request, services.identify(**form.cleaned_data, origin=origin_of(request)))
        except AccountLocked as error:
            locked = error
        except (InvalidCredentials, RateLimited) as error:
            refused = error
    return _ask(request, "accounts/sign_in.html", form, refused, locked=locked)


@never_cache
@sensitive_post_parameters("otp")
@page
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step of staff: the code of their app, or a recovery code."""
    user, form, refused = sessions.who_waits(request), CodeForm(request.POST or None), None
    if user is None or next_step(user) is not Step.CODE:
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': _wanted(request)})}")
    if request.method == "POST" and form.is_valid():
        try:
            services.limit_sign_ins(request.client_address)  # type: ignore[attr-defined]
            services.check_code(user, form.cleaned_data["otp"])
            sessions.open_session(request, user, confirmed=True)
            return in_language_of(user, redirect(after_sign_in(request)))
        except (WrongCode, RateLimited) as error:
            refused = error
    return _ask(request, "accounts/sign_in_code.html", form, refused, account=user.email)


def _go_on(request: HttpRequest, user: User) -> HttpResponse:
    if missing := sessions.begin(request, user):
        return redirect(f"{missing}?{urlencode({'next': _wanted(request)})}")
    return in_language_of(user, redirect(after_sign_in(request)))


def _wanted(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def _ask(
    request: HttpRequest, template: str, form: Form, refused: DomainError | None, **context: Any
) -> HttpResponse:
    """The form, with what was refused, if anything, and when to try again."""
    if refused is not None:
        show_refusal(form, refused)
    answer = render(request, template, {"form": form, "next": _wanted(request), **context})
    if isinstance(refused, RateLimited):
        answer.status_code = refused.status
        answer["Retry-After"] = str(refused.retry_after)
    return answer


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Which side of the marketplace somebody wants to join."""
    return render(request, "accounts/register.html", {"next": request.GET.get("next", "")})


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("sign-in")


@never_cache
@page
def forgot_password(request: HttpRequest) -> HttpResponse:
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.request_reset(form.cleaned_data["email"])
        messages.success(request, _("If we know this address, a link is on its way to it."))
        return redirect("sign-in")
    return render(request, "accounts/forgot_password.html", {"form": form})


@never_cache
@page
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """For the mailed link of a reset or an invitation; looking at the page does not use the link up."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.confirm_reset(token, form.cleaned_data["new_password"])
        except Invalid as error:
            show_refusal(form, error)
        else:
            known_devices.remember(request, user.pk)  # who reads the person's mail is no stranger
            messages.success(request, _("Your password is set. Sign in with it."))
            return redirect("sign-in")
    valid = services.peek_link(token, *services.SETS_PASSWORD) is not None
    return render(request, "accounts/reset_password.html", {"form": form, "valid": valid})


@never_cache
@page
def verify_email(request: HttpRequest, token: str) -> HttpResponse:
    """Verified by a click on the page, not by opening it: mail scanners open every link."""
    state = "ask"
    if request.method == "POST":
        try:
            services.verify_email(token)
            state = "done"
        except Invalid:
            state = "over"
    return render(request, "accounts/verify_email.html", {"state": state})


@never_cache
@page
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """For the link that was mailed to a new address; the button takes it over, looking at the page does not.

    Where this browser is signed in as its owner it stays so; everywhere else one signs in anew.
    """
    owner = services.peek_link(token, OneTimeLink.Purpose.EMAIL_CHANGE)
    state, email = "ask" if owner else "over", ""
    is_here = request.user == owner and sessions.is_complete(request)  # asked before its session ends
    if request.method == "POST" and owner:
        try:
            user = services.confirm_email_change(token)
        except Invalid:
            state = "over"
        else:
            state, email = "done", user.email
            if is_here:
                sessions.keep_session(request, user)
    return render(request, "accounts/confirm_email.html", {"state": state, "email": email})
