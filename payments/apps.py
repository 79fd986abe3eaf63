from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = pgettext_lazy("part of the site", "Payments")

    def ready(self) -> None:
        from orders import events
        from payments import receivers

        for event, receiver in (
            (events.checkout_placed, receivers.begin_payment),
            (events.checkout_expired, receivers.expire_payment),
            (events.checkout_cancelled, receivers.cancel_payment),
            (events.order_completed, receivers.collect_cash),
            (events.order_rejected, receivers.give_back),
            (events.order_cancelled, receivers.give_back),
            (events.order_returned, receivers.give_back),
        ):
            event.connect(receiver, dispatch_uid=f"payments.{receiver.__name__}")
