"""What the system notes about sign-ins and requests."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import IdempotencyKey, LinkRequest, OneTimeLink, PageSession, TokenFamily
from aqad.lib.admin import ReadOnlyAdmin, SearchByCode
from aqad.lib.web.masking import mask_text


@admin.register(TokenFamily)
class TokenFamilyAdmin(SearchByCode, ReadOnlyAdmin):
    list_display = ("user", "created_at", "expires_at", "ended_at", "ended_because")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "created_at")
    search_people = ("user",)
    list_select_related = ("user",)
    exclude = ("current_jti", "replaced_jti", "replaced_key")
    ordering = ("-created_at",)


@admin.register(PageSession)
class PageSessionAdmin(SearchByCode, ReadOnlyAdmin):
    """Neither what a session holds nor its key, which stands there as a hash, is for anybody to read."""

    list_display = ("user", "device", "address", "created_at", "last_used_at", "expires_at")
    list_filter = ("for_staff", "created_at")
    search_people = ("user",)
    list_select_related = ("user",)
    exclude = ("key_hash", "data", "token_version")
    ordering = ("-created_at",)


@admin.register(OneTimeLink)
class OneTimeLinkAdmin(SearchByCode, ReadOnlyAdmin):
    list_display = ("purpose", "user", "created_at", "expires_at", "used_at")
    list_filter = ("purpose",)
    search_people = ("user",)
    list_select_related = ("user",)
    exclude = ("digest",)
    ordering = ("-id",)


@admin.register(LinkRequest)
class LinkRequestAdmin(ReadOnlyAdmin):
    """Normally empty: what is here waits for a worker, or could not be answered."""

    list_display = ("purpose", "email", "attempts", "due_at", "created_at")
    ordering = ("-id",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(SearchByCode, ReadOnlyAdmin):
    list_display = ("key", "endpoint", "user", "status", "created_at")
    search_people = ("user",)
    list_select_related = ("user",)
    ordering = ("-id",)
    exclude = ("answer",)
    readonly_fields = ("masked_answer",)

    @admin.display(description=_("answer"))
    def masked_answer(self, kept: IdempotencyKey) -> str:
        """It may hold the link by which somebody else pays."""
        return mask_text(kept.answer)
