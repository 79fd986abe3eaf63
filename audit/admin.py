from django.contrib import admin

from aqad.lib.admin import ReadOnlyAdmin
from audit.models import Entry


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
