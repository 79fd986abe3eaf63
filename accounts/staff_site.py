from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path

from accounts import second_factor_views, sessions
from accounts.rights import actor
from accounts.second_factor import has_second_factor


class StaffSite(AdminSite):
    """The admin site, for staff who have given their second factor where they have or need one."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        views = second_factor_views
        return [
            path("second-factor/", self.admin_view(views.overview), name="second_factor"),
            path("second-factor/set-up/", views.set_up, name="set_up_second_factor"),
            path("second-factor/codes/", self.admin_view(views.renew_codes), name="recovery_codes"),
            *super().get_urls(),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and sessions.is_complete(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        offer = context["has_permission"] and not has_second_factor(actor(request))
        return {**context, "offer_second_factor": offer}

    def password_change(  # type: ignore[override] # any answer will do
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """On the page that everybody has: it ends other sessions, is limited and is written to the log."""
        return redirect("profile")
