"""Delivery in the admin site: everything is written by the same services as the API's."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aqad.lib import uae
from aqad.lib.admin import ReadOnlyAdmin, SearchByCode
from aqad.lib.errors import DomainError
from aqad.lib.files.storage import private_url
from aqad.lib.writing import joined
from audit.exporting import Exportable
from audit.history import WithHistory
from delivery import services
from delivery.forms import DriverForm, NewDriverForm, PartnerForm
from delivery.models import Delivery, DeliveryEvent, DeliveryPartner, Driver


@admin.register(DeliveryPartner)
class PartnerAdmin(WithHistory):
    form = PartnerForm
    list_display = ("code", "name", "phone", "emirate_names", "open_work", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "phone")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliveryPartner]:
        open_work = Count("deliveries", filter=Q(deliveries__status__in=Delivery.OPEN))
        return super().get_queryset(request).annotate(open_work=open_work)

    @admin.display(description=gettext_lazy("emirates"))
    def emirate_names(self, partner: DeliveryPartner) -> str:
        names = dict(uae.EMIRATES)
        return joined(names[code] for code in partner.emirates)

    @admin.display(description=gettext_lazy("open deliveries"), ordering="open_work")
    def open_work(self, partner: Any) -> int:
        return int(partner.open_work)

    def save_model(self, request: HttpRequest, obj: DeliveryPartner, form: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            services.update_partner(obj, by=request.user, **changes)
        else:
            obj.pk = services.create_partner(**form.cleaned_data, by=request.user).pk

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Driver)
class DriverAdmin(WithHistory):
    list_display = ("id", "name", "email", "phone", "partner", "is_active")
    list_filter = ("is_active", "partner__name")
    search_fields = ("user__name", "user__email", "user__phone", "partner__name")
    list_select_related = ("user", "partner")

    def get_form(
        self,
        request: HttpRequest,
        obj: Driver | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **kwargs: Any,
    ) -> Any:
        form = DriverForm if obj else NewDriverForm
        return super().get_form(request, obj, change, **{**kwargs, "form": form})

    @admin.display(description=pgettext_lazy("field", "name"), ordering="user__name")
    def name(self, driver: Driver) -> str:
        return driver.user.name

    @admin.display(description=pgettext_lazy("field", "e-mail"), ordering="user__email")
    def email(self, driver: Driver) -> str:
        return driver.user.email

    @admin.display(description=pgettext_lazy("field", "phone"))
    def phone(self, driver: Driver) -> str:
        return driver.user.phone

    def save_model(self, request: HttpRequest, obj: Driver, form: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            driver = Driver.objects.select_related("user").get(pk=obj.pk)
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            services.update_driver(driver, by=request.user, **changes)
        else:
            driver = services.add_driver(**form.cleaned_data, by=request.user)
            obj.pk, obj.user = driver.pk, driver.user

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PartnerActionForm(ActionForm):
    """Beside the list's actions: whom to give the chosen deliveries to."""

    partner = forms.ModelChoiceField(
        DeliveryPartner.objects.filter(is_active=True),
        required=False,
        label=capfirst(pgettext_lazy("field", "partner")),
    )


class OpensPhoto:
    @admin.display(description=gettext_lazy("photo"))
    def photo_link(self, event: DeliveryEvent) -> str:
        if not event.photo:
            return "-"
        return format_html('<a href="{}">{}</a>', private_url(event.photo), _("Open the photo"))


class EventInline(OpensPhoto, admin.TabularInline):
    model = DeliveryEvent
    fields = ("status", "note", "photo_link", "latitude", "longitude", "occurred_at", "at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    list_display = ("code", "order", "status", "emirate", "partner", "driver", "amount_to_collect", "eta")
    list_filter = ("status", "emirate", "partner__name", "created_at")
    list_select_related = ("order", "partner", "driver__user")
    search_codes = {"ORD": "order"}
    search_names = {"driver": "user__name", "partner": "name"}
    search_help_text = gettext_lazy("DEL1001, ORD1001, or the name of a partner or driver")
    ordering = ("-pk",)
    exclude = ("pin",)  # the retailer's alone
    inlines = (EventInline,)
    action_form = PartnerActionForm
    actions = ("give_to_partner", "export")

    def history_codes(self, thing: Delivery) -> list[str]:
        return [thing.code, thing.order.code]

    @admin.action(description=gettext_lazy("Give to the partner chosen here"), permissions=["assign"])
    def give_to_partner(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        chosen = request.POST.get("partner", "")
        partner = DeliveryPartner.objects.filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
        if partner is None:
            messages.error(request, _("Choose a partner beside the action."))
            return
        for delivery in deliveries.select_related("order"):
            try:
                services.assign_by_hand(delivery.order, partner, by=request.user)
            except DomainError as error:
                messages.error(request, f"{delivery.code}: {error.message}")
            else:
                messages.success(request, f"{delivery.code} → {partner.name}")

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("delivery.change_delivery")


@admin.register(DeliveryEvent)
class EventAdmin(OpensPhoto, SearchByCode, ReadOnlyAdmin):
    list_display = ("delivery", "status", "note", "photo_link", "occurred_at", "at")
    list_filter = ("status", "at")
    list_select_related = ("delivery",)
    search_codes = {"DEL": "delivery"}
    ordering = ("-id",)
    exclude = ("photo",)  # a key in the private storage
    readonly_fields = ("photo_link",)
