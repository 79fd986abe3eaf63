from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = pgettext_lazy("part of the site", "Delivery")

    def ready(self) -> None:
        from accounts.events import reactivation_requested
        from delivery import receivers
        from orders import events

        events.order_ready.connect(receivers.assign_delivery, dispatch_uid="delivery.assign")
        events.order_cancelled.connect(receivers.cancel_delivery, dispatch_uid="delivery.cancel")
        reactivation_requested.connect(
            receivers.refuse_while_not_active, dispatch_uid="delivery.refuse_while_not_active"
        )
