"""What every list and form of the admin site does with a request that nobody's click made."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import Invalid

# What the filters of lists and our own links ask. Others, such as `regex` and `year`, fail in the database.
LOOKUPS = frozenset({"exact", "in", "isnull", "isempty", "gt", "gte", "lt", "lte"})
# Fields of which a list can be asked: what cannot be a value of them is told before the database is asked.
ASKED = (
    models.IntegerField,  # keys are some, too
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.DateField,
    models.UUIDField,
)
UNREADABLE_LIST = _(
    "The list cannot be shown as its address says. Open it anew and choose filters and page there."
)
UNREADABLE_ROWS = _("The rows that were chosen cannot be read. Open the list anew and choose them again.")


class StaffAdmin(admin.ModelAdmin):
    """The base of all: Django's crashes on some requests, and drops what it cannot read without a word."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return _can_be_asked(self.model, lookup) and super().lookup_allowed(lookup, value, request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Raises Invalid for filters that cannot be read: a list without them shows what nobody asked for."""
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters as error:
            raise Invalid(UNREADABLE_LIST) from error

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Raises DisallowedModelAdminToField: Django checks the field's name after some of its uses."""
        if from_field and not self.to_field_allowed(request, from_field):
            raise DisallowedModelAdminToField
        return super().get_object(request, object_id, from_field or None)

    def response_action(  # type: ignore[override] # the stubs are of another release
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """Raises Invalid for rows that cannot be; says what is wrong with what stands beside the action."""
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            self._check_key(key)
        form = self.action_form(request.POST, auto_id=None)
        for name, errors in form.errors.items():
            if name not in ("action", "select_across"):  # Django looks at these itself
                self.message_user(request, f"{form.fields[name].label}: {errors[0]}", messages.ERROR)
                return None
        return super().response_action(request, queryset)

    def _check_key(self, key: str) -> None:
        try:
            self.opts.pk.to_python(key)
        except ValidationError as error:
            raise Invalid(UNREADABLE_ROWS) from error


def _can_be_asked(model: Any, lookup: str) -> bool:
    """Whether this is a field, of this model or one it points to, with at most one of LOOKUPS behind it."""
    parts = lookup.split("__")
    field: Any = None
    while parts:
        try:
            field = model._meta.pk if parts[0] == "pk" else model._meta.get_field(parts[0])
        except FieldDoesNotExist:
            break
        parts.pop(0)
        if not field.is_relation:
            break
        model = field.related_model
    if field is None:
        return True  # the name of a filter, or of nothing, which is told later
    is_asked = field.is_relation or isinstance(field, ASKED)
    return is_asked and len(parts) <= 1 and LOOKUPS.issuperset(parts)
