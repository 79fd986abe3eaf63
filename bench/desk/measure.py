"""The measuring itself, inside the servers of `python -m bench.desk`: prints a table in Markdown."""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

import django

TIMES = 5
LISTS = {
    "orders": "/admin/orders/order/",
    "orders, the last page that is counted": "/admin/orders/order/?p=200",
    "orders of one shop": "/admin/orders/order/?q=R500",
    "orders by a shop's name": "/admin/orders/order/?q=Shop+500",
    "orders by state": "/admin/orders/order/?status__exact=pending",
    "one order with its history": "/admin/orders/order/{half}/change/",
    "products": "/admin/catalog/product/",
    "products by letters of the name": "/admin/catalog/product/?q=basmati+rice",
    "products by rare letters": "/admin/catalog/product/?q=c4ca42",
    "products by SKU": "/admin/catalog/product/?q=SKU-77777",
    "problem reports by rare words": "/admin/orders/problemreport/?q=c4ca42",
    "payments that failed": "/admin/payments/payment/?status__exact=failed",
    "deliveries": "/admin/delivery/delivery/",
    "people by name": "/admin/accounts/user/?q=person+77",
    "messages to one person": "/admin/notifications/mail/?q=person777@shops.example",
    "messages about an order": "/admin/notifications/notification/?q=ORD{half}",
    "outbox, dead ones": "/admin/notifications/outboxevent/?status__exact=dead",
    "audit log": "/admin/audit/entry/",
    "audit log of one object": "/admin/audit/entry/?code=ORD{half}",
    "audit log of one person": "/admin/audit/entry/?actor=person777@shops.example",
    "audit log of one request": "/admin/audit/entry/?request=c4ca4238a0b923820dcc509a6f75849b",
}


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    os.environ["DJANGO_SETTINGS_MODULE"] = "aqad.settings"
    os.environ["AQAD_RATE_DEFAULT"] = "1000000/m"
    django.setup()
    logging.disable(logging.INFO)  # hundreds of seals tell of themselves
    from django.core.management import call_command

    from bench.desk import rows as made

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.monotonic()
    made.fill(rows)
    print(f"{rows:,} orders, twice as many entries of the log: filled in {time.monotonic() - began:.0f} s\n")
    print("| page or work | ms (median of 5) | most |\n|---|---:|---:|")
    for name, took in _measured(rows // 2):
        print(f"| {name} | {median(took) * 1000:,.0f} | {max(took) * 1000:,.0f} |", flush=True)
    return 0


def _measured(half: int) -> Iterator[tuple[str, list[float]]]:
    from django.conf import settings
    from django.test import Client

    from audit.sealing import seal_entries
    from operations import dashboard, flows
    from tests.factories import make_admin

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(make_admin())

    def get(path: str) -> Any:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path} {answer.status_code}"
        return answer.content

    get("/admin/")
    for name, path in LISTS.items():
        yield name, _times(lambda path=path: get(path.format(half=half)))
    for days in (7, 30, 90):

        def cards(days: int = days, *, all_days: bool = False) -> None:
            if all_days:
                flows.forget()
            dashboard._made.clear()
            get(f"/admin/?days={days}")

        yield f"the first page, {days} days, all counted anew", _times(partial(cards, all_days=True))
        yield f"the first page, {days} days, days long past kept", _times(cards)
    seal_entries()  # the first run only marks how far the next may go
    began = time.monotonic()
    sealed = seal_entries()
    seconds = time.monotonic() - began
    yield f"sealing 1,000 entries ({sealed:,} in {seconds:.0f} s)", [seconds / max(sealed, 1) * 1000]


def _times(work: Callable[[], Any]) -> list[float]:
    work()
    took = []
    for _ in range(TIMES):
        began = time.monotonic()
        work()
        took.append(time.monotonic() - began)
    return took


if __name__ == "__main__":
    sys.exit(main())
