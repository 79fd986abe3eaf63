from django.contrib.admin.apps import AdminConfig


class AdminSiteConfig(AdminConfig):
    """Django's admin with the site of ours: apart from the site itself, which needs the models loaded."""

    default_site = "accounts.staff_site.StaffSite"
