from django.apps import AppConfig


class RetailersConfig(AppConfig):
    name = "retailers"

    def ready(self) -> None:
        from accounts import events
        from retailers import receivers

        events.reactivation_requested.connect(
            receivers.refuse_while_not_active, dispatch_uid="retailers.refuse_while_not_active"
        )
