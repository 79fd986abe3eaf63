import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aqad.lib.errors import NotFound
from operations.doctor import text
from operations.doctor.findings import Report
from operations.doctor.login import question as login
from operations.doctor.slow import question as slow
from operations.doctor.stock import question as stock


class Command(BaseCommand):
    help = "Why is it slow, why can nobody sign in, why is the stock wrong? Exit code 1: something is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        questions = parser.add_subparsers(dest="question", required=True)
        questions.add_parser("slow", help="the product API is slow")
        questions.add_parser("login", help="users cannot sign in").add_argument(
            "about", nargs="?", default=""
        )
        questions.add_parser("stock", help="inventory is wrong").add_argument("about", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = _ask(options["question"], options.get("about", ""))
        except NotFound as error:
            raise CommandError(str(error.message)) from error
        for line in text.lines(report):
            self.stdout.write(line)
        if report.wrong:
            sys.exit(1)


def _ask(question: str, about: str) -> Report:
    if question == "slow":
        return slow.ask()
    return login.ask(about) if question == "login" else stock.ask(about)
