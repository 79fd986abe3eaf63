"""What the admin pages of all apps share: rows nobody edits, search by code, actions that call services."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib import codes
from aqad.lib.errors import DomainError
from aqad.lib.staff_admin import StaffAdmin
from aqad.lib.text.cleaning import UnreadableText, clean_figure, clean_free_text, email_key, readable_search
from aqad.lib.text.form_fields import FreeTextField

MOST_COUNTED = 10_000  # rows; more take longer to count than anybody needs to know


class CappedPaginator(Paginator):
    """Counts up to MOST_COUNTED rows and leads no further: who needs what lies beyond looks for it."""

    most_counted = MOST_COUNTED

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count()) if hasattr(rows, "order_by") else len(rows)


class TypedFilter(admin.SimpleListFilter):
    """A filter that one types. `find` narrows the rows to what was typed, by an index."""

    template = "admin/typed_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Any:
        """One: the box, with what the other filters say, so that they stay."""
        others = [(name, value) for name, value in changelist.get_filters_params().items()]
        kept = [(name, each) for name, values in others if name != self.parameter_name for each in values]
        yield {"kept": kept, "name": self.parameter_name, "value": self.value() or "", "query_string": ""}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        typed = readable_search(self.value() or "", longest=200)
        return self.find(queryset, typed) if typed else queryset

    def find(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        raise NotImplementedError


class ReadOnlyAdmin(StaffAdmin):
    """Rows that services make and move: to be found and looked at, not edited."""

    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SearchByCode(StaffAdmin):
    """A public code such as ORD1001 finds its row, and rows that point to it, by `search_codes`.

    Anything else is looked for by what an index answers: in `search_fields` exactly as typed, in
    `search_texts` by each word, in `search_people` by e-mail or the code of their company, and in
    `search_names`, names of the few that the many rows point to. Those are found first, so that no row is
    read for a name that it only points to. Where a `search_fields` is not exact, all is left to Django's own
    search, for short lists.
    """

    search_codes: Mapping[str, str] = {}  # prefix → foreign key: {"V": "vendor"}
    search_names: Mapping[str, str] = {}  # foreign key → its name: {"vendor": "company_name"}
    search_texts: Sequence[str] = ()  # fields with an index of trigrams over their capitals
    search_people: Sequence[str] = ()  # foreign keys to users; "pk" where the rows are users
    MOST_NAMED = 200
    LETTERS = 3  # of a word for which an index of trigrams helps

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        typed = _as_kept(search_term)
        own = {self.model.CODE_PREFIX: "pk"} if hasattr(self.model, "CODE_PREFIX") else {}
        for prefix, field in {**self.search_codes, **own}.items():
            if (key := codes.parse(typed, prefix)) is not None:
                return queryset.filter(**{field: key}), False
        if not typed:
            return queryset, False
        if any(not field.startswith("=") for field in self.search_fields):
            return super().get_search_results(request, queryset, typed)
        found = (
            self._named(typed) | self._with_fields(typed) | self._of_people(typed) | self._with_words(typed)
        )
        return (queryset.filter(found) if found else queryset.none()), False

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Never empty where there is something to search: without fields Django shows no search box."""
        others = self.search_codes or self.search_names or self.search_texts or self.search_people
        return self.search_fields or (("pk",) if others else ())

    def _of_people(self, typed: str) -> Q:
        if not self.search_people:
            return Q()
        users = get_user_model().objects
        known = Q(code=typed.upper()) & ~Q(code="")
        people = users.alias(lower_email=Lower("email")).filter(
            Q(lower_email=email_key(typed) or typed.lower()) | known
        )
        keys = list(people.order_by("-pk").values_list("pk", flat=True)[: self.MOST_NAMED])
        return reduce(or_, (Q(**{f"{field}__in": keys}) for field in self.search_people))

    def _with_words(self, typed: str) -> Q:
        words = [word for word in typed.split() if len(word) >= self.LETTERS]
        if not words or not self.search_texts:
            return Q()
        in_any = (
            reduce(or_, (Q(**{f"{field}__icontains": word}) for field in self.search_texts)) for word in words
        )
        return reduce(and_, in_any)

    def _named(self, typed: str) -> Q:
        found = Q()
        for key, name in self.search_names.items():
            model: Any = self.model._meta.get_field(key).related_model
            rows = model.objects.filter(**{f"{name}__icontains": typed}).order_by("-pk")
            found |= Q(**{f"{key}__in": list(rows.values_list("pk", flat=True)[: self.MOST_NAMED])})
        return found

    def _with_fields(self, typed: str) -> Q:
        """Fields that an index answers: exactly what was typed. Rows that are pointed to are found first."""
        found = Q()
        for field in self.search_fields:
            key, _points, there = field.removeprefix("=").partition("__")
            if there:
                model: Any = self.model._meta.get_field(key).related_model
                rows = model.objects.filter(**{there: typed}).order_by("-pk")
                found |= Q(**{f"{key}__in": list(rows.values_list("pk", flat=True)[: self.MOST_NAMED])})
            else:
                found |= Q(**{key: typed})
        return found


def _as_kept(typed: str) -> str:
    """What was typed in the form in which texts are kept: a number without letters in digits 0 to 9."""
    text = readable_search(typed, longest=200)
    return text if any(char.isalpha() for char in text) else clean_figure(text)


def written_out(values: Mapping[str, Any], names: Sequence[str]) -> SafeString:
    """What a row keeps as JSON: those of `names` that say something, a line each in its own direction."""
    return format_html_join(
        mark_safe("<br>"), "<bdi>{}</bdi>", ((values[name],) for name in names if values.get(name))
    )


class ReasonForm(ActionForm):
    """Beside the list's actions: the reason that some of them need."""

    reason = FreeTextField(
        required=False, max_length=1000, label=gettext_lazy("Reason"), widget=forms.TextInput
    )


def reason_given(request: HttpRequest) -> str:
    """What was written beside the action. Raises DomainError for what cannot be kept."""
    try:
        return clean_free_text(request.POST.get("reason", ""))
    except UnreadableText as error:
        raise DomainError(error.message) from error


def required_reason(request: HttpRequest) -> str:
    """What was written beside the action. Raises DomainError if nothing was, or what cannot be kept."""
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
