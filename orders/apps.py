from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = pgettext_lazy("part of the site", "Orders")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from orders import receivers
        from vendors import events

        events.vendor_suspended.connect(receivers.reject_pending_orders, dispatch_uid="orders.reject_pending")
        user_logged_in.connect(receivers.keep_guest_cart, dispatch_uid="orders.keep_guest_cart")
