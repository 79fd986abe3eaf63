from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import rights
from aqad.lib import codes, uae
from aqad.lib.admin import ReadOnlyAdmin, SearchByCode
from aqad.lib.files.storage import private_url
from aqad.lib.text.form_fields import CodeField, DecimalField, NameField, PhoneField, TrnField
from audit.exporting import Exportable
from audit.history import WithHistory
from vendors import review_views, services
from vendors.models import Vendor, VendorDocument, VendorMember


class OpensFile:
    @admin.display(description=_("file"))
    def open_file(self, document: VendorDocument) -> str:
        """A link that works for a few minutes from when the page was made."""
        return format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>',
            private_url(document.file),
            _("Open the file"),
        )


class DocumentInline(OpensFile, admin.TabularInline):
    model = VendorDocument
    fields = readonly_fields = (
        "kind",
        "status",
        "note",
        "open_file",
        "uploaded_at",
        "decided_by",
        "decided_at",
    )
    ordering = ("-id",)
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[VendorDocument]:
        return super().get_queryset(request).select_related("decided_by")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class VendorDetailsForm(forms.ModelForm):
    class Meta:
        model = Vendor
        fields = (
            *("company_name", "phone", "emirate", "address", "trade_license_number"),
            *("trade_license_authority", "trn", "min_order_value"),
        )
        field_classes = {
            **dict.fromkeys(("company_name", "address", "trade_license_authority"), NameField),
            "trade_license_number": CodeField,
            "phone": PhoneField,
            "trn": TrnField,
            "min_order_value": DecimalField,
        }


@admin.register(Vendor)
class VendorAdmin(Exportable, WithHistory, SearchByCode):
    form = VendorDetailsForm
    list_display = ("code", "company_name", "status", "emirate", "trn", "trn_in_order", "created_at")
    list_display_links = ("code", "company_name")
    list_filter = ("status", "emirate", "created_at")
    search_fields = ("company_name", "email", "phone", "trn", "trade_license_number")
    search_help_text = _("Code (V1001), company, e-mail, phone, TRN or licence number")
    ordering = ("-id",)
    readonly_fields = (
        *("code", "status", "email", "logo", "tin", "trn_in_order"),
        *("decision_reason", "decided_at", "created_at", "selling_paused_at", "trade_license_expiry_date"),
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "status"),
                    ("decision_reason", "decided_at"),
                    ("created_at", "selling_paused_at"),
                )
            },
        ),
        (_("Company"), {"fields": ("company_name", "email", "phone", ("emirate", "address"), "logo")}),
        (
            _("Licence and tax"),
            {
                "fields": (
                    ("trade_license_number", "trade_license_authority", "trade_license_expiry_date"),
                    ("trn", "trn_in_order", "tin"),
                )
            },
        ),
        (_("Selling"), {"fields": ("min_order_value",)}),
    )
    inlines = (DocumentInline,)
    change_form_template = "admin/vendors/vendor/change_form.html"
    actions = ("export",)

    def history_codes(self, thing: Vendor) -> list[str]:
        return [thing.code, *(f"{thing.code}/{kind}" for kind in VendorDocument.Kind.values)]

    def get_urls(self) -> list[Any]:
        return [*review_views.urlpatterns, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Vendor, form: Any, change: Any) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.update_profile(obj, by=rights.actor(request), **changes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("TRN check digit"), boolean=True)
    def trn_in_order(self, vendor: Vendor) -> bool:
        return uae.trn_luhn_ok(vendor.trn)


@admin.register(VendorDocument)
class VendorDocumentAdmin(WithHistory, OpensFile, ReadOnlyAdmin):
    list_display = ("vendor", "company_name", "kind", "status", "expiry_date", "open_file", "uploaded_at")
    list_filter = ("status", "kind", "uploaded_at", "expiry_date")
    search_fields = ("vendor__company_name", "vendor__email")
    search_help_text = _("Code (V1001), company or e-mail")
    list_select_related = ("vendor", "decided_by")
    ordering = ("-id",)
    fields = readonly_fields = (
        *("vendor", "company_name", "kind", "status", "note", "expiry_date", "open_file"),
        *("content_type", "sha256"),
        *("uploaded_at", "decided_by", "decided_at"),
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if key := codes.parse(search_term.strip(), "V"):
            return queryset.filter(vendor=key), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("company"), ordering="vendor__company_name")
    def company_name(self, document: VendorDocument) -> str:
        return document.vendor.company_name


@admin.register(VendorMember)
class VendorMemberAdmin(ReadOnlyAdmin):
    list_display = ("user", "vendor", "created_at")
    search_fields = ("user__email", "user__name", "vendor__company_name")
    list_select_related = ("user", "vendor")
    ordering = ("-id",)
