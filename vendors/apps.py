from django.apps import AppConfig


class VendorsConfig(AppConfig):
    name = "vendors"

    def ready(self) -> None:
        from accounts import events
        from vendors import receivers

        events.reactivation_requested.connect(
            receivers.refuse_while_not_active, dispatch_uid="vendors.refuse_while_not_active"
        )
