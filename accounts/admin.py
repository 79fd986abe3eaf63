from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import rights, services
from accounts.models import IdempotencyKey, OneTimeLink, TokenFamily, User
from aqad.lib.admin import ReadOnlyAdmin, act_on_each


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "role", "code", "access", "last_login")
    list_filter = ("role", "access", "language")
    search_fields = ("email", "name", "phone", "code")
    ordering = ("-id",)
    filter_horizontal = ("groups", "user_permissions")
    fields = (
        ("email", "role", "code", "access"),
        ("name", "phone", "language"),
        ("email_verified_at", "last_login", "created_at"),
        "is_superuser",
        "groups",
        "user_permissions",
    )
    readonly_fields = ("email", "role", "code", "access", "email_verified_at", "last_login", "created_at")
    actions = ("send_reset_link", "end_sessions", "deactivate")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights are given to staff only, and only by a superuser: else anyone could take them all."""
        if request.user.is_superuser and obj is not None and obj.is_staff:
            return self.readonly_fields
        return (*self.readonly_fields, "is_superuser", "groups", "user_permissions")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            services.note_change(obj, by=rights.actor(request), fields=form.changed_data)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.action(description=_("Mail a link to choose a new password"), permissions=["change"])
    def send_reset_link(self, request: HttpRequest, users: QuerySet[User]) -> None:
        act_on_each(self, request, users, lambda user: services.request_reset(user.email))

    @admin.action(description=_("End all sessions"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        act_on_each(self, request, users, lambda user: services.end_sessions(user, because="by staff"))

    @admin.action(description=_("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        act_on_each(self, request, users, lambda user: services.deactivate(user, by=rights.actor(request)))


@admin.register(TokenFamily)
class TokenFamilyAdmin(ReadOnlyAdmin):
    list_display = ("user", "created_at", "expires_at", "ended_at", "ended_because")
    list_filter = ("ended_because", "created_at")
    search_fields = ("user__email", "user__code")
    list_select_related = ("user",)
    exclude = ("current_jti",)
    ordering = ("-created_at",)


@admin.register(OneTimeLink)
class OneTimeLinkAdmin(ReadOnlyAdmin):
    list_display = ("purpose", "user", "created_at", "expires_at", "used_at")
    list_filter = ("purpose",)
    search_fields = ("user__email", "user__code")
    list_select_related = ("user",)
    exclude = ("digest",)
    ordering = ("-id",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ("key", "endpoint", "user", "status", "created_at")
    list_filter = ("endpoint",)
    search_fields = ("key", "user__email", "user__code")
    list_select_related = ("user",)
    ordering = ("-id",)
