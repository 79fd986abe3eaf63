"""`python -m bench`: how fast AQAD is, beside what it could be and beside django-oscar, in one run."""

import argparse
import json
import signal
import sys
import time
import urllib.request
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from bench import buyers, load, loads, memory, servers
from bench.installation import environment, run_module, started
from bench.load import Request
from bench.oscar import shop
from bench.references import order_transaction, redis_get
from bench.report import write
from bench.rounds import Measurement, Results, measure, rate_only
from bench.seed.figures import FIRST_PRODUCT, SCARCE
from tests.runner.installation import Installation

BUYERS = 200
QUIET_WITHIN = 90.0  # seconds
SELL_OUT = 20  # seconds in which the scarce product is sold out


def main() -> int:
    """The exit code is 1 when something was oversold or undersold; speed is told, never judged."""
    asked = _arguments()
    results, facts = Results(), {"products": asked.products}
    with started() as installation:
        told = environment(installation)
        began = time.monotonic()
        run_module("bench.seed", asked.products, asked.retailers, told=told)
        facts["seeded in"] = f"{time.monotonic() - began:.0f} s"
        facts["first answer after start"] = f"{_restart(installation):.1f} s"
        tokens = buyers.sign_in(_url(installation), BUYERS)
        statements = _statements(asked, tokens, told)
        with ExitStack() as stack:
            facts |= _all(asked, installation, tokens, results, stack, told)
            facts |= _sold_exactly(asked, installation, tokens)
        taken = memory.megabytes(installation)
        facts["memory, MiB"] = {name: round(size) for name, size in taken.items()}
        facts["memory, sum in MiB"] = round(sum(taken.values()))
        agrees = installation.command("manage", "reconcile", "--fail").returncode == 0
        facts["reconcile"] = "all invariants hold" if agrees else "BROKEN"
    write(results, statements, facts, Path("var/bench/figures.json"))
    return 0 if agrees and facts["scarce product"].endswith(f" {SCARCE} promised") else 1


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--retailers", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is told")
    parser.add_argument("--only", default="", help="loads of AQAD to run, by the beginnings of their names")
    parser.add_argument("--alone", action="store_true", help="without references and Oscar")
    return parser.parse_args()


def _all(
    asked: Any,
    installation: Installation,
    tokens: list[str],
    results: Results,
    stack: ExitStack,
    told: dict[str, str],
) -> dict[str, str]:
    """Reads first, then writes, each beside its references: what writes leave to the workers slows reads."""
    reads, writes = (_ours(asked, installation, tokens, kind) for kind in (loads.READS, loads.WRITES))
    if not asked.alone:
        url = stack.enter_context(servers.gunicorn("bench.references.django_app:application", told))
        theirs = stack.enter_context(shop.opened(installation, asked.products))
        reads |= _reading_references(asked, installation, url, theirs, stack)
        writes |= _writing_references(asked, installation, theirs)
    settle = partial(_settle, installation)
    measure(reads, asked.rounds, results, settle)
    measure(writes, asked.rounds, results, settle)
    return (
        {}
        if asked.alone
        else {"scarce product at Oscar": theirs.sell_out(SCARCE, buyers=16, seconds=SELL_OUT)}
    )


def _ours(
    asked: Any, installation: Installation, tokens: list[str], kind: tuple[loads.Load, ...]
) -> dict[str, Measurement]:
    return {
        each.name: partial(
            load.run,
            _url(installation),
            each.requests(asked.products, tokens),
            connections=each.connections,
            seconds=asked.seconds,
        )
        for each in _chosen(asked, kind)
    }


def _chosen(asked: Any, kind: tuple[loads.Load, ...]) -> list[loads.Load]:
    return [each for each in kind if each.name.startswith(tuple(asked.only.split(",")))]


def _reading_references(
    asked: Any, installation: Installation, url: str, theirs: shop.Shop, stack: ExitStack
) -> dict[str, Measurement]:
    body = _get(f"{_url(installation)}/api/products")
    static = stack.enter_context(servers.nginx(body))
    read = partial(load.run, connections=loads.READERS, seconds=asked.seconds)
    gets = partial(redis_get.gets_a_second, installation, connections=loads.READERS, size=len(body))
    return {
        "bare Django JsonResponse": partial(read, url, [Request("/bare")] * 2),
        "REST framework serializers": partial(read, url, [Request("/products")] * 2),
        "nginx, static file": partial(read, static.rsplit("/", 1)[0], [Request("/list.json")] * 2),
        "Redis GET": lambda: rate_only(gets()),
        "Oscar: list": partial(read, theirs.url, theirs.first_page() * 2),
        "Oscar: search": partial(read, theirs.url, theirs.search()),
        "Oscar: detail": partial(read, theirs.url, theirs.detail()),
    }


def _writing_references(asked: Any, installation: Installation, theirs: shop.Shop) -> dict[str, Measurement]:
    rows = partial(order_transaction.orders_a_second, installation, connections=8, seconds=asked.seconds)
    return {
        "Oscar: orders, distinct": partial(theirs.buy, buyers=8, seconds=asked.seconds),
        "Oscar: orders, one hot product": partial(
            theirs.buy, buyers=16, seconds=asked.seconds, one_product=True
        ),
        "PostgreSQL: the order's rows by pgbench": lambda: rate_only(rows()),
    }


def _sold_exactly(asked: Any, installation: Installation, tokens: list[str]) -> dict[str, str]:
    """Sixteen buyers at once for a product of which there are SCARCE cartons."""
    requests = loads.SCARCE.requests(asked.products, tokens)
    outcome = load.run(_url(installation), requests, connections=loads.SCARCE.connections, seconds=SELL_OUT)
    held = installation.execute(f"SELECT reserved FROM catalog_stock WHERE product_id = {FIRST_PRODUCT + 1}")
    return {"scarce product": f"{SCARCE} cartons, {outcome.good} orders accepted, {held[0][0]} promised"}


def _statements(asked: Any, tokens: list[str], told: dict[str, str]) -> dict[str, int]:
    """Statements of the second of two requests of each load."""
    requests = {
        each.name: [vars(request) for request in each.requests(asked.products, tokens)[:2]]
        for each in _chosen(asked, (*loads.READS, *loads.WRITES))
    }
    return json.loads(run_module("bench.statements", told=told, said=json.dumps(requests)))


def _settle(installation: Installation) -> None:
    """Wait until the workers have sent what the last measurement left them, or for QUIET_WITHIN seconds.

    Then the catalogue has a new edition: what an earlier round asked is not found kept by the next.
    """
    deadline = time.monotonic() + QUIET_WITHIN
    waiting = "SELECT EXISTS (SELECT FROM notifications_outboxevent WHERE status = 'pending')"
    while installation.execute(waiting)[0][0] and time.monotonic() < deadline:
        time.sleep(0.5)
    installation.execute("UPDATE catalog_edition SET goods = gen_random_uuid() RETURNING goods")


def _restart(installation: Installation) -> float:
    """Seconds from `make run` on an installation that was there before to its first answer."""
    installation.end(signal.SIGTERM)
    began = time.monotonic()
    installation.start()
    return time.monotonic() - began


def _url(installation: Installation) -> str:
    return f"http://127.0.0.1:{installation.port}"


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


if __name__ == "__main__":
    sys.exit(main())
