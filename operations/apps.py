from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = pgettext_lazy("part of the site", "Operations")
