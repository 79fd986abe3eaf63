from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.errors import AccountLocked, InvalidCredentials
from accounts.forms import EmailForm, NewPasswordForm, SignInForm, show_refusal
from accounts.pages import after_sign_in, in_language_of
from aqad.lib.errors import Invalid

page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@sensitive_post_parameters("password")
@page
def sign_in(request: HttpRequest) -> HttpResponse:
    """A session for the pages, in the account's language; the limits and refusals of the API's sign-in."""
    form, locked = SignInForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        services.limit_sign_ins(request.client_address)  # type: ignore[attr-defined]
        try:
            user = services.identify(**form.cleaned_data)
            auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return in_language_of(user, redirect(after_sign_in(request)))
        except InvalidCredentials as error:
            show_refusal(form, error)
        except AccountLocked as error:
            locked = error
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "accounts/sign_in.html", {"form": form, "locked": locked, "next": wanted})


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Which side of the marketplace somebody wants to join."""
    return render(request, "accounts/register.html", {"next": request.GET.get("next", "")})


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
            services.confirm_reset(token, form.cleaned_data["new_password"])
        except Invalid as error:
            show_refusal(form, error)
        else:
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
