from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class VendorsConfig(AppConfig):
    name = "vendors"
    verbose_name = pgettext_lazy("part of the site", "Vendors")

    def ready(self) -> None:
        from accounts import events
        from vendors import receivers

        events.reactivation_requested.connect(
            receivers.refuse_while_not_active, dispatch_uid="vendors.refuse_while_not_active"
        )
        events.link_requested.connect(
            receivers.mail_application_link, dispatch_uid="vendors.mail_application_link"
        )
        events.email_changed.connect(receivers.follow_email, dispatch_uid="vendors.follow_email")
