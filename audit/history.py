"""A thing's history on its page in the admin site, with what it belongs to."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from aqad.lib.staff_admin import StaffAdmin
from audit.models import Entry

SHOWN = 100


class WithHistory(StaffAdmin):
    """Below the form: what happened to this thing and to those of `history_codes`, the newest first."""

    change_form_template = "admin/audit/with_history.html"

    def history_codes(self, thing: Any) -> Iterable[str]:
        """The codes whose entries belong here, the thing's own first."""
        return [getattr(thing, "code", None) or str(thing)]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        thing = context.get("original")
        if thing is not None:
            known = list(dict.fromkeys(self.history_codes(thing)))
            entries = Entry.objects.filter(object_code__in=known).order_by("-id")[:SHOWN]
            context["history"] = [(entry, link_to(entry.object_code)) for entry in entries]
            context["related"] = [(code, link_to(code)) for code in known[1:]]
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Django's own history knows only what its forms did; the audit log knows all."""
        thing = self.get_object(request, object_id)
        if thing is None:
            raise Http404
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        asked = urlencode({"code": next(iter(self.history_codes(thing)))})
        return HttpResponseRedirect(f"{reverse('admin:audit_entry_changelist')}?{asked}")


def link_to(code: str) -> str:
    """The admin page of what a code such as ORD1001 names; "" where there is none."""
    prefix = code.rstrip("0123456789")
    model = _models().get(prefix)
    key = code[len(prefix) :]
    if model is None or not key:
        return ""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[int(key)])
    except NoReverseMatch:
        return ""


def _models() -> dict[str, Any]:
    coded = (model for model in apps.get_models() if hasattr(model, "CODE_PREFIX"))
    return {model.CODE_PREFIX: model for model in coded}
