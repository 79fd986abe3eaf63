"""Lists of the admin site as CSV: the rows chosen or all that the filters leave, and who took them noted."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib.spreadsheet_formulas import shield_formula
from aqad.lib.staff_admin import StaffAdmin
from audit import services

RIGHT = "audit.export_lists"
MOST = 100_000  # rows of one file


class Exportable(StaffAdmin):
    """Adds the action: the columns are those of the list."""

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if not request.user.has_perm(RIGHT):
            actions.pop("export", None)
        return actions

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT) and self.has_view_permission(request)

    @admin.action(description=gettext_lazy("Take away as CSV"), permissions=["export"])
    def export(self, request: HttpRequest, rows: QuerySet[Any]) -> StreamingHttpResponse | None:
        number = rows.order_by()[: MOST + 1].count()
        if number > MOST:
            text = _("A file takes at most %(most)s rows. Narrow the list down first.") % {
                "most": f"{MOST:,}"
            }
            self.message_user(request, text, messages.ERROR)
            return None
        services.record_export(
            request.user, self.opts.label, data={"rows": number, "filters": dict(request.GET.lists())}
        )
        columns = [name for name in self.get_list_display(request) if name != "action_checkbox"]
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        body = _lines([self._heads(columns)], self._cells(columns, rows))
        answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _heads(self, columns: list[Any]) -> list[str]:
        return [str(label_for_field(column, self.model, self)) for column in columns]

    def _cells(self, columns: list[Any], rows: QuerySet[Any]) -> Iterator[list[Any]]:
        related = self.list_select_related
        if isinstance(related, tuple | list) and related:
            rows = rows.select_related(*related)
        for row in rows.iterator(chunk_size=1000):
            yield [safe(self._value(column, row)) for column in columns]

    def _value(self, column: Any, row: Any) -> Any:
        field, _attribute, value = lookup_field(column, row, self)
        if field is not None and getattr(field, "flatchoices", None):
            return dict(field.flatchoices).get(value, value)
        return value


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return value
    text = value.isoformat(timespec="seconds") if isinstance(value, datetime) else strip_tags(str(value))
    return shield_formula(text)


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(*parts: Iterable[list[Any]]) -> Iterator[str]:
    """With the mark by which spreadsheets know UTF-8, or Arabic is garbled."""
    yield "\ufeff"
    writer = csv.writer(_Echo())
    for part in parts:
        for row in part:
            yield writer.writerow(row)
