import time
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from aqad.lib.admin import ReadOnlyAdmin
from audit import verifying
from audit.models import Entry, Seal, SealHead

PATIENCE = 10.0  # seconds for an answer in the browser; the command has no end to it


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "actor_label",
        "verb",
        "object_kind",
        "object_code",
        "to_status",
        "reason",
        "request_id",
    )
    list_filter = ("object_kind", "verb", "at")
    search_fields = ("=object_code", "=request_id", "actor_label__istartswith")
    list_select_related = ()


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
