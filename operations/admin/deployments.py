from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aqad.lib.admin import ReadOnlyAdmin
from operations.models import Deployment


@admin.register(Deployment)
class DeploymentAdmin(ReadOnlyAdmin):
    list_display = ("at", "name", "host", "migrations_applied", "settings_changed")
    search_fields = ("version", "commit__startswith", "host")
    exclude = ("settings",)
    ordering = ("-id",)

    @admin.display(description=_("migrations applied"))
    def migrations_applied(self, deployment: Deployment) -> int:
        return len(deployment.applied)

    @admin.display(description=_("settings changed"))
    def settings_changed(self, deployment: Deployment) -> str:
        return ", ".join(deployment.changed)
