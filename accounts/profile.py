"""The page on which everybody keeps their own name, telephone, language and password."""

from django.contrib import messages
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
from accounts.profile_forms import OwnPasswordForm, PersonForm
from accounts.rights import actor
from aqad.lib.errors import DomainError


@never_cache
@sensitive_post_parameters("old_password", "new_password")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def profile(request: HttpRequest) -> HttpResponse:
    """Two forms; the button that was pressed says which one is sent."""
    changes_password = "old_password" in request.POST
    sent = request.POST or None
    person = PersonForm(None if changes_password else sent, instance=actor(request))
    password = OwnPasswordForm(sent if changes_password else None)
    done = sent and (_set_password(request, password) if changes_password else _change(request, person))
    if done:
        return in_language_of(actor(request), redirect("profile"))
    return render(request, "accounts/profile.html", {"person": person, "password": password})


def _change(request: HttpRequest, form: PersonForm) -> bool:
    if not form.is_valid():
        return False
    user = actor(request)
    changed = {name: form.cleaned_data[name] for name in form.changed_data}
    if changed:
        services.update_person(user, by=user, **changed)
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
