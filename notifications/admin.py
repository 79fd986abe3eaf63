from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib.admin import ReadOnlyAdmin
from notifications import attempts
from notifications.models import Mail, Notification, OutboxEvent


class Retryable(ReadOnlyAdmin):
    actions = ("retry",)

    @admin.action(description=gettext_lazy("Try dead ones again"), permissions=["retry"])
    def retry(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        count = attempts.revive(rows)
        messages.success(request, _("%(count)d will be tried again within a minute.") % {"count": count})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        options = self.opts
        return request.user.has_perm(f"{options.app_label}.change_{options.model_name}")


@admin.register(OutboxEvent)
class OutboxEventAdmin(Retryable):
    list_display = ("id", "kind", "about", "recipients", "status", "attempts", "due_at", "created_at")
    list_filter = ("status", "kind", "created_at")
    search_fields = ("about", "once", "request_id")
    ordering = ("-id",)
    exclude = ("context",)  # may hold the nonce of a secret link


@admin.register(Mail)
class MailAdmin(Retryable):
    list_display = ("id", "address", "subject", "status", "attempts", "due_at", "sent_at", "last_error")
    list_filter = ("status", "created_at")
    search_fields = ("address", "subject", "event__about")
    ordering = ("-id",)
    list_select_related = ("event",)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "kind", "title", "about", "created_at", "read_at")
    list_filter = ("kind", "created_at")
    search_fields = ("user__email", "user__code", "about")
    ordering = ("-id",)
    list_select_related = ("user",)
