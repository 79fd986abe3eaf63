from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import check_for_language
from django.views import i18n
from django.views.decorators.http import require_POST, require_safe

from accounts import services as accounts
from storefront import selectors


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What AQAD is, and where to go from here."""
    return render(request, "storefront/home.html", selectors.start_page())


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Kept in a cookie, and in the account of whoever is signed in: mails speak that language too."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(language):
        accounts.update_person(request.user, by=request.user, language=language)
    return i18n.set_language(request)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a device keeps to show when the line is down."""
    return render(request, "errors/offline.html")
