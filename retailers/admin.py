from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import rights
from aqad.lib.admin import ReadOnlyAdmin, ReasonForm, SearchByCode, act_on_each, required_reason
from aqad.lib.text.form_fields import CodeField, NameField, PhoneField, TrnField
from audit.exporting import Exportable
from audit.history import WithHistory
from retailers import services
from retailers.models import Address, Retailer, RetailerMember


class AddressInline(admin.TabularInline):
    model = Address
    fields = readonly_fields = (
        "label",
        "contact_name",
        "phone",
        "line1",
        "area",
        "city",
        "emirate",
        "is_default",
    )
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RetailerDetailsForm(forms.ModelForm):
    class Meta:
        model = Retailer
        fields = ("company_name", "phone", "trade_license_number", "trn")
        field_classes = {
            "company_name": NameField,
            "phone": PhoneField,
            "trade_license_number": CodeField,
            "trn": TrnField,
        }


@admin.register(Retailer)
class RetailerAdmin(Exportable, WithHistory, SearchByCode):
    form = RetailerDetailsForm
    list_display = ("code", "company_name", "status", "email", "phone", "created_at")
    list_display_links = ("code", "company_name")
    list_filter = ("status", "created_at")
    search_fields = ("company_name", "email", "phone", "trn", "trade_license_number")
    search_help_text = _("Code (R2001), company, e-mail, phone, TRN or licence number")
    ordering = ("-id",)
    fields = (
        *(("code", "status"), "company_name", ("email", "phone")),
        *(("trade_license_number", "trn"), "created_at"),
    )
    readonly_fields = ("code", "status", "email", "created_at")
    inlines = (AddressInline,)
    action_form = ReasonForm
    actions = ("suspend", "reinstate", "export")

    def save_model(self, request: HttpRequest, obj: Retailer, form: Any, change: Any) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.update_profile(obj, by=rights.actor(request), **changes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.action(description=_("Suspend (with a reason)"), permissions=["change"])
    def suspend(self, request: HttpRequest, retailers: QuerySet[Retailer]) -> None:
        act_on_each(
            self,
            request,
            retailers,
            lambda each: services.suspend_retailer(
                each, reason=required_reason(request), by=rights.actor(request)
            ),
        )

    @admin.action(description=_("Reinstate"), permissions=["change"])
    def reinstate(self, request: HttpRequest, retailers: QuerySet[Retailer]) -> None:
        act_on_each(
            self, request, retailers, lambda each: services.reinstate_retailer(each, by=rights.actor(request))
        )


@admin.register(RetailerMember)
class RetailerMemberAdmin(ReadOnlyAdmin):
    list_display = ("user", "retailer", "created_at")
    search_fields = ("user__email", "user__name", "retailer__company_name")
    list_select_related = ("user", "retailer")
    ordering = ("-id",)


@admin.register(Address)
class AddressAdmin(ReadOnlyAdmin):
    list_display = ("retailer", "label", "line1", "area", "city", "emirate", "is_default")
    list_filter = ("emirate", "is_default")
    search_fields = ("retailer__company_name", "line1", "area", "makani")
    list_select_related = ("retailer",)
    ordering = ("-id",)
