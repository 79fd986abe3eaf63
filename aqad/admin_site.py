"""The first app that is loaded: what must be in place before any model, form or page of staff is made."""

from aqad.lib import field_words

field_words.use_our_words()

from django.contrib.admin.apps import AdminConfig  # noqa: E402 - Django's admin makes forms as it is imported


class AdminSiteConfig(AdminConfig):
    """Django's admin with the site of ours: apart from the site itself, which needs the models loaded."""

    default_site = "accounts.staff_site.StaffSite"
