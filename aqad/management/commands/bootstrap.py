"""What a database needs before the first visitor: categories, brands, an admin, the demo if it is on."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts.models import User
from accounts.services import check_new_password
from aqad.demo import cast, live, past, sign_ins
from aqad.demo.sign_ins import SignIn, write_sign_ins
from aqad.lib.errors import Invalid
from aqad.lib.files.storage import stored_files
from catalog.services.starting_set import load_categories_and_brands
from operations.deployments import record_deployment
from vendors.models import Vendor

DEFAULT_ADMIN = "admin@aqad.example"
LOCK = 2_007_001_001  # any number of our own: only one bootstrap at a time


class Command(BaseCommand):
    """Safe to repeat and to kill: one transaction, which adds only what is missing."""

    help = "Load the starting categories and brands, the first admin, and the demo cast if AQAD_DEMO is on."

    def handle(self, *args: Any, **options: Any) -> None:
        drawn = cast.draw_pictures() if _wants_demo() else None  # may take longer than a transaction may
        with stored_files(), transaction.atomic():
            _wait_for_others()
            load_categories_and_brands()
            people = self._make_first_admin()
            if drawn is not None and _wants_demo():
                admin = _admin()
                people += cast.load_cast(admin, drawn)
                past.load_past(admin)
                live.start_the_day()
                self.stdout.write("The demo is here: a cast with three months of trade behind it.")
            if people:  # before the commit: a password nobody knows would be worse than an unused one
                write_sign_ins(settings.DATA_DIR, people)
        record_deployment()

    def _make_first_admin(self) -> list[SignIn]:
        """Make an admin if there is none; returned only where the password is not the caller's own."""
        if User.objects.filter(role=User.Role.ADMIN).exists():
            return []
        email, password = settings.FIRST_ADMIN_EMAIL or DEFAULT_ADMIN, settings.FIRST_ADMIN_PASSWORD
        if settings.PRODUCTION and not (settings.FIRST_ADMIN_EMAIL and password):
            self.stderr.write("There is no admin yet: set AQAD_ADMIN_EMAIL and AQAD_ADMIN_PASSWORD once.")
            return []
        made_up = "" if password else sign_ins.PASSWORD if settings.DEMO else secrets.token_urlsafe(12)
        _create_admin(email, password or made_up)
        self.stdout.write(f"{email} is the first admin.")
        return [{"role": "admin", "email": email, "password": made_up}] if made_up else []


def _wants_demo() -> bool:
    return settings.DEMO and not Vendor.objects.exists()


def _create_admin(email: str, password: str) -> None:
    try:
        check_new_password(password, user=User(email=email, name="AQAD"))
    except Invalid as error:
        reasons = " ".join(str(reason) for reason in error.errors["password"])
        raise CommandError(f"AQAD_ADMIN_PASSWORD is not good enough: {reasons}") from error
    User.objects.create_superuser(email, password, name="AQAD")


def _admin() -> User:
    """The admin who decides about the demo's vendors: the one who came first."""
    admins = User.objects.filter(role=User.Role.ADMIN, is_superuser=True, access=User.Access.ACTIVE)
    admin = admins.order_by("pk").first()
    if admin is None:
        raise CommandError(
            "The demo cast needs an active admin with all rights. Set AQAD_DEMO=0 to go without."
        )
    return admin


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        # Between two statements a slow machine may think for long; this command ends by itself or is killed.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
