"""The roles of staff, to be looked at: what they may do stands in one table in the code."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from aqad.lib.admin import ReadOnlyAdmin

for with_forms_of_its_own in (Group, TOTPDevice, StaticDevice):  # they show secrets and write past services
    if admin.site.is_registered(with_forms_of_its_own):
        admin.site.unregister(with_forms_of_its_own)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "permissions")
