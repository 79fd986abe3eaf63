import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import verifying

SPOKEN_EVERY = 5.0  # seconds


class Command(BaseCommand):
    help = "Prove by its seals that nobody changed the audit log; exits with 1 at the first entry that was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--known", default="", metavar="HASH", help="a hash printed earlier, which the chain must contain"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        spoken, found = time.monotonic(), verifying.Findings()
        for found in verifying.verify(options["known"]):
            if time.monotonic() - spoken > SPOKEN_EVERY:
                spoken = time.monotonic()
                self.stdout.write(f"… {found.entries:,} entries in {found.seals:,} seals hold")
        if found.broken:
            self.stdout.write(f"{found.entries:,} entries in {found.seals:,} seals before it hold.")
            raise CommandError(f"The audit log is broken: {found.broken}.")
        self.stdout.write(
            self.style.SUCCESS(f"✓ {found.entries:,} entries in {found.seals:,} seals hold, to {found.head}")
        )
        tail = verifying.tail(found.last_id)
        if tail.count:
            self.stdout.write(f"Not sealed yet: {tail.count:,} entries, {tail.first_id} to {tail.last_id}.")
