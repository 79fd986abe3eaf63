from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class RetailersConfig(AppConfig):
    name = "retailers"
    verbose_name = pgettext_lazy("part of the site", "Retailers")

    def ready(self) -> None:
        from accounts import events
        from retailers import receivers

        events.reactivation_requested.connect(
            receivers.refuse_while_not_active, dispatch_uid="retailers.refuse_while_not_active"
        )
        events.email_changed.connect(receivers.follow_email, dispatch_uid="retailers.follow_email")
