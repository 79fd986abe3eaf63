from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = pgettext_lazy("part of the site", "People")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts import events, receivers

        user_logged_in.connect(receivers.note_sign_in, dispatch_uid="accounts.note_sign_in")
        events.link_requested.connect(receivers.mail_reset, dispatch_uid="accounts.mail_reset")
