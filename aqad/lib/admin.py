"""What the admin pages of all apps share: rows nobody edits, search by code, actions that call services."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib import codes
from aqad.lib.errors import DomainError


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that services make and move: to be found and looked at, not edited."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SearchByCode(admin.ModelAdmin):
    """A public code such as ORD1001 finds its row."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        key = codes.parse(search_term.strip(), self.model.CODE_PREFIX)
        if key is not None:
            return queryset.filter(pk=key), False
        return super().get_search_results(request, queryset, search_term)


class ReasonForm(ActionForm):
    """Beside the list's actions: the reason that some of them need."""

    reason = forms.CharField(required=False, max_length=1000, label=gettext_lazy("Reason"))


def reason_given(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()


def required_reason(request: HttpRequest) -> str:
    """What was written beside the action. Raises DomainError if nothing was."""
    if reason := reason_given(request)[:1000]:
        return reason
    raise DomainError(_("Write the reason beside the action first."))


def act_on_each(
    admin_page: admin.ModelAdmin, request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], Any]
) -> None:
    """Call a service for each selected row and tell what was done and what was refused, and why."""
    done = 0
    for row in rows:
        try:
            act(row)
            done += 1
        except DomainError as refusal:
            admin_page.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
    if done:
        admin_page.message_user(request, _("%(count)d done.") % {"count": done}, messages.SUCCESS)
