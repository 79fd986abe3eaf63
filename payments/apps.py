from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

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
