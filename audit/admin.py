import time
from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from aqad.lib.admin import ReadOnlyAdmin, TypedFilter
from audit import verifying, words
from audit.exporting import Exportable
from audit.history import link_to
from audit.models import Entry, Seal, SealHead

PATIENCE = 10.0  # seconds for an answer in the browser; the command has no end to it


class ByCode(TypedFilter):
    title, parameter_name = _("Object"), "code"

    def find(self, rows: QuerySet[Entry], typed: str) -> QuerySet[Entry]:
        return rows.filter(object_code__in={typed, typed.upper()})


class ByActor(TypedFilter):
    """By e-mail, or all who work for a company by its code."""

    title, parameter_name = _("Who acted"), "actor"

    def find(self, rows: QuerySet[Entry], typed: str) -> QuerySet[Entry]:
        people = get_user_model().objects.filter(Q(email=typed.lower()) | Q(code=typed.upper()))
        return rows.filter(actor__in=list(people.values_list("pk", flat=True)[:200]))


class ByRequest(TypedFilter):
    title, parameter_name = _("Request"), "request"

    def find(self, rows: QuerySet[Entry], typed: str) -> QuerySet[Entry]:
        return rows.filter(~Q(request_id=""), request_id=typed)


@admin.register(Entry)
class EntryAdmin(Exportable, ReadOnlyAdmin):
    list_display = ("at", "who", "did", "kind", "thing", "became", "reason", "request")
    list_filter = (ByCode, ByActor, ByRequest, "at")
    list_select_related = ()
    actions = ("export",)

    @admin.display(description=_("Who acted"))
    def who(self, entry: Entry) -> str:
        return words.actor_words(entry.actor_label)

    @admin.display(description=_("What was done"))
    def did(self, entry: Entry) -> str:
        return words.deed_word(entry.verb)

    @admin.display(description=_("To what"))
    def kind(self, entry: Entry) -> str:
        return words.kind_word(entry.object_kind)

    @admin.display(description=_("New state"))
    def became(self, entry: Entry) -> str:
        return words.state_word(entry.to_status)

    @admin.display(description=_("object"))
    def thing(self, entry: Entry) -> str:
        link = link_to(entry.object_code)
        code = format_html('<bdi dir="ltr">{}</bdi>', entry.object_code)
        return format_html('<a href="{}">{}</a>', link, code) if link else code

    @admin.display(description=_("request"))
    def request(self, entry: Entry) -> str:
        if not entry.request_id:
            return ""
        return format_html('<a href="?request={}">{}</a>', quote(entry.request_id), entry.request_id[:12])


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("number", "first_id", "last_id", "count", "hash", "made_at")
    exclude = ("digests",)
    change_list_template = "admin/audit/seals.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("digests")

    def get_urls(self) -> list[URLPattern]:
        verify = self.admin_site.admin_view(self.verify)
        return [path("verify/", verify, name="audit_seal_verify"), *super().get_urls()]

    def verify(self, request: HttpRequest) -> HttpResponse:
        """Read the log from its beginning for at most PATIENCE, and say what was found."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found, until = verifying.Findings(), time.monotonic() + PATIENCE
        complete = True
        for found in verifying.verify():
            if time.monotonic() > until:
                complete = found.broken is not None
                break
        context = {
            **self.admin_site.each_context(request),
            "title": _("Proof of the audit log"),
            "found": found,
            "complete": complete,
            "tail": verifying.tail(found.last_id) if complete else None,
            "opts": self.opts,
        }
        return render(request, "admin/audit/verify.html", context)


@admin.register(SealHead)
class SealHeadAdmin(ReadOnlyAdmin):
    list_display = ("number", "last_id", "hash", "mark_id", "mark_xid")
