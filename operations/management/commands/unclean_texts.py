from typing import Any

from django.core.management.base import BaseCommand

from operations.texts import unclean_texts


class Command(BaseCommand):
    help = "Name stored texts that hold what nobody can see and that could not be cleaned."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for found, left in enumerate(unclean_texts(), start=1):  # noqa: B007 - the last number is the count
            self.stdout.write(str(left))
        if not found:
            self.stdout.write(self.style.SUCCESS("✓ every stored text is clean"))
