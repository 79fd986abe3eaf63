from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations.reconcile import INVARIANTS, OVERDUE, Disagreement, advice, disagreements


class Command(BaseCommand):
    help = "Prove the invariants of stock, money and states; print what disagrees."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fail", action="store_true", help="exit with 1 when anything disagrees")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(disagreements())
        for each in found:
            self.stdout.write(self.style.ERROR(f"✗ {_told(each)}"))
        for each in advice():
            self.stdout.write(self.style.WARNING(f"! {_told(each)}"))
        if found and options["fail"]:
            raise CommandError(f"{len(found)} disagreements.")
        if not found:
            self.stdout.write(self.style.SUCCESS(f"✓ all {len(INVARIANTS + OVERDUE)} invariants hold"))


def _told(each: Disagreement) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in each.row.items())
    return f"{each.invariant}: {facts}"
