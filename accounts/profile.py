"""The page on which everybody keeps their own name, telephone, language, e-mail and password."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import services, sessions
from accounts.forms import show_refusal
from accounts.pages import in_language_of, signed_in_required
from accounts.profile_forms import OwnEmailForm, OwnPasswordForm, PersonForm
from accounts.rights import actor
from accounts.second_factor import has_second_factor
from aqad.lib.errors import DomainError


@never_cache
@sensitive_post_parameters("old_password", "new_password", "password")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def profile(request: HttpRequest) -> HttpResponse:
    """Three forms; the button that was pressed says which one is sent."""
    sent = request.POST or None
    which = _which(request)
    person = PersonForm(sent if which is PersonForm else None, instance=actor(request))
    password = OwnPasswordForm(sent if which is OwnPasswordForm else None)
    email = OwnEmailForm(sent if which is OwnEmailForm else None)
    answer = None
    if sent and which is PersonForm:
        answer = _change(request, person)
    elif sent:
        answer = _ask_for_email(request, email) if which is OwnEmailForm else _set_password(request, password)
    if answer:
        return in_language_of(actor(request), redirect("profile"))
    forms = {"person": person, "password": password, "new_email": email}
    has_one = has_second_factor(actor(request))
    return render(request, "accounts/profile.html", {**forms, "has_second_factor": has_one})


def _which(request: HttpRequest) -> type[BaseForm]:
    if "old_password" in request.POST:
        return OwnPasswordForm
    return OwnEmailForm if "email" in request.POST else PersonForm


def _ask_for_email(request: HttpRequest, form: OwnEmailForm) -> bool:
    if not form.is_valid():
        return False
    try:
        services.request_email_change(actor(request), **form.cleaned_data)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    said = _("A link is on its way to %(email)s. Open it within an hour, and the address is yours.")
    messages.success(request, said % {"email": form.cleaned_data["email"]})
    return True


def _change(request: HttpRequest, form: PersonForm) -> bool:
    if not form.is_valid():
        return False
    user = actor(request)
    if changes := form.changes:
        services.update_person(user, by=user, **changes)
    translation.activate(user.language)
    messages.success(request, _("Your details are kept."))
    return True


def _set_password(request: HttpRequest, form: OwnPasswordForm) -> bool:
    """All other sessions end; this one goes on."""
    if not form.is_valid():
        return False
    user = actor(request)
    try:
        services.change_password(user, **form.cleaned_data)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    sessions.keep_session(request, user)
    messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
    return True
