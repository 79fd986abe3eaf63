from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import selectors, services, words
from notifications.models import Notification
from notifications.places import place_of

ON_A_PAGE = 25


@require_safe
@never_cache
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    lines = selectors.inbox(request.user).select_related("event")
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [words.read_in(line, get_language()) for line in page]
    return render(request, "notifications/list.html", {"page": page})


@require_POST
@login_required(redirect_field_name=None)
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.mark_all_read(request.user)
    return redirect("notifications")


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one line as read and go to what it is about."""
    own = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    services.mark_read(own)
    return redirect(place_of(own.about, request.user))
