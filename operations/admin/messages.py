"""What people are told: here and not in notifications, which knows no history and no files of lists."""

import re
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib.admin import ReadOnlyAdmin, SearchByCode
from aqad.lib.web.masking import mask_text, mask_values
from audit import services as audit
from audit.exporting import Exportable
from audit.history import WithHistory
from notifications import attempts
from notifications.kinds import KINDS
from notifications.models import Mail, Notification, OutboxEvent

HELP = gettext_lazy("A person's e-mail, the code of a company, or what it is about, such as ORD1001")


class ByKind(admin.SimpleListFilter):
    """The kinds that there are, from the table of them: to ask the rows would read them all."""

    title, parameter_name = gettext_lazy("Kind"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        words = ((name, re.sub(r"%\(\w+\)s", "…", str(kind.title))) for name, kind in KINDS.items())
        return sorted(words, key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AboutSomething(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    """A message: its page shows the history of what it is about, too."""

    ordering = ("-id",)

    def history_codes(self, thing: Any) -> list[str]:
        about = self.about(thing)
        return [thing.code, *([about] if about else [])]

    def about(self, thing: Any) -> str:
        return str(thing.about)


class Retryable(AboutSomething):
    actions = ("retry", "export")

    @admin.display(description=gettext_lazy("last error"))
    def problem(self, thing: Any) -> str:
        """What a mail server answers may repeat what was in the mail."""
        return mask_text(thing.last_error)

    @admin.action(description=gettext_lazy("Try dead ones again"), permissions=["retry"])
    def retry(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        revived = attempts.revive(rows)
        audit.record(request.user, "tried again", revived)
        text = _("%(count)d will be tried again within a minute.") % {"count": len(revived)}
        messages.success(request, text)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        options = self.opts
        return request.user.has_perm(f"{options.app_label}.change_{options.model_name}")


@admin.register(OutboxEvent)
class OutboxEventAdmin(Retryable):
    list_display = ("id", "kind", "about", "recipients", "status", "attempts", "due_at", "created_at")
    list_filter = ("status", ByKind, "created_at")
    search_fields = ("=about", "=once", "=request_id")
    search_help_text = gettext_lazy("What it is about, such as ORD1001, its mark, or the id of a request")
    exclude = ("context", "last_error")  # the context may hold the nonce of a secret link, or a PIN
    readonly_fields = ("problem",)


@admin.register(Mail)
class MailAdmin(Retryable):
    list_display = ("id", "address", "heading", "status", "attempts", "due_at", "sent_at", "problem")
    list_filter = ("status", "created_at")
    search_people = ("user",)
    search_fields = ("=event__about",)
    search_help_text = HELP
    list_select_related = ("event",)
    exclude = ("subject", "last_error")
    readonly_fields = ("heading", "problem")

    def about(self, thing: Mail) -> str:
        return thing.event.about

    @admin.display(description=gettext_lazy("subject"))
    def heading(self, thing: Mail) -> str:
        return mask_values(thing.subject, thing.event.context)


@admin.register(Notification)
class NotificationAdmin(AboutSomething):
    list_display = ("id", "user", "kind", "heading", "about", "created_at", "read_at")
    list_filter = (ByKind, "created_at")
    search_people = ("user",)
    search_fields = ("=event__about",)
    search_help_text = HELP
    list_select_related = ("user", "event")
    actions = ("export",)
    exclude = ("title", "body")  # shown without the delivery PIN, which is the retailer's alone
    readonly_fields = ("heading", "text")

    @admin.display(description=gettext_lazy("title"))
    def heading(self, thing: Notification) -> str:
        return mask_values(thing.title, thing.event.context)

    @admin.display(description=gettext_lazy("body"))
    def text(self, thing: Notification) -> str:
        return mask_values(thing.body, thing.event.context)
