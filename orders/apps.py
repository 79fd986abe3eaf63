from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from orders import receivers
        from vendors import events

        events.vendor_suspended.connect(receivers.reject_pending_orders, dispatch_uid="orders.reject_pending")
