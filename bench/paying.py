"""`python -m bench.paying`: how soon a payment is noticed while orders, and the mails they cause, go on.

Buyers place orders by card at a fixed rate and pay at once on the practice company's page. What is told is
the time from the company's "paid" to AQAD's, by the clock of one machine, and what was refused.
"""

import argparse
import http.client
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench import buyers, memory
from bench.installation import environment, run_module, started
from bench.loads import ADDRESS
from bench.seed.figures import FIRST_PRODUCT
from tests.runner.installation import Installation, eventually

CARD = urlencode({"card_number": "4242424242424242", "expiry": "12/40", "cvc": "123"})
BUYERS = 200
SENDERS = 48
PATIENCE = 120.0  # seconds after the last order until all must be noticed
_local = threading.local()


@dataclass
class Tally:
    """When which payment was paid at the company, and what was answered otherwise."""

    paid: dict[int, float] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def refuse(self, what: str) -> None:
        self.refused[what] = self.refused.get(what, 0) + 1


def main() -> int:
    """The exit code is 1 when an invariant broke or a payment was not noticed; speed is never judged."""
    asked = _arguments()
    with started(**_limits(asked)) as installation:
        run_module("bench.seed", 2_000, 1_000, told=environment(installation))
        eventually(lambda: _workers_live(installation), "the workers to live")
        idle = memory.megabytes(installation)
        tokens = buyers.sign_in(f"http://127.0.0.1:{installation.port}", asked.buyers)
        tally = Tally()
        _buy(installation, tokens, asked, tally)
        noticed = _noticed(installation, tally)
        holds = installation.command("manage", "reconcile", "--fail").returncode == 0
        backlog = installation.execute(
            "SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FROM notifications_mail"
        )[0]
    waits = sorted(noticed)
    facts: dict[str, Any] = {
        "orders paid": len(tally.paid),
        "noticed": len(waits),
        "p50 s": round(quantiles(waits, n=100)[49], 2),
        "p95 s": round(quantiles(waits, n=100)[94], 2),
        "longest s": round(waits[-1], 2),
        "refused": tally.refused,
        "mails pending, all": backlog,
        "MiB before": {name: round(size) for name, size in idle.items()},
        "reconcile": "all invariants hold" if holds else "BROKEN",
    }
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    return 0 if holds and len(waits) == len(tally.paid) else 1


def _workers_live(installation: Installation) -> bool:
    _status, body, _to = _send(installation.port, "GET", "/readyz")
    return json.loads(body)["workers"] == "ok"


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m bench.paying", description=__doc__)
    parser.add_argument("--rate", type=float, default=40, help="orders a second")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--buyers", type=int, default=BUYERS)
    parser.add_argument("--caps", action="store_true", help="with AQAD's own caps on open orders")
    return parser.parse_args()


def _limits(asked: Any) -> dict[str, str]:
    return {"AQAD_MAX_OPEN_CARD_HOLDS": "10"} if asked.caps else {}


def _buy(installation: Installation, tokens: list[str], asked: Any, tally: Tally) -> None:
    """Orders begin at the rate asked for, whatever the earlier ones still wait for."""
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        for serial in range(int(asked.rate * asked.seconds)):
            time.sleep(max(began + serial / asked.rate - time.monotonic(), 0))
            pool.submit(_order_and_pay, installation, tokens[serial % len(tokens)], serial, tally)
    sys.stderr.write(f"  {len(tally.paid)} paid in {time.monotonic() - began:.1f} s\n")


def _order_and_pay(installation: Installation, token: str, serial: int, tally: Tally) -> None:
    try:
        items = [{"product": f"P{FIRST_PRODUCT + 2 + serial % 1_500}", "quantity": 1}]
        wanted = json.dumps({"items": items, "address": ADDRESS, "payment_method": "card"})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        status, body, _to = _send(installation.port, "POST", "/api/orders", wanted, headers)
        if status != 201:
            tally.refuse(f"order {status} {json.loads(body).get('code')}")
            return
        payment = json.loads(body)["payment"]
        _status, _body, page = _send(installation.port, "GET", urlsplit(payment["redirect_url"]).path)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _body, _to = _send(installation.gateway_port, "POST", urlsplit(page).path, CARD, form)
        if status == 303:
            tally.paid[int(payment["id"].removeprefix("PAY"))] = time.time()
        else:
            tally.refuse(f"payment {status}")
    except Exception as error:  # noqa: BLE001 - told with the rest
        tally.refuse(type(error).__name__)


def _send(
    port: int,
    method: str,
    path: str,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    *,
    again: bool = True,
) -> tuple[int, bytes, str]:
    """One request over this thread's connection to the port: status, body, where it leads."""
    kept: dict[int, http.client.HTTPConnection] = _local.__dict__.setdefault("kept", {})
    connection = kept.setdefault(port, http.client.HTTPConnection("127.0.0.1", port, timeout=60))
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("Location", "")
    except (ConnectionError, http.client.RemoteDisconnected):  # it was kept for too long
        kept.pop(port).close()
        if not again:
            raise
        return _send(port, method, path, body, headers, again=False)


def _noticed(installation: Installation, tally: Tally) -> list[float]:
    """Seconds from paid to noticed, of those that were noticed."""
    deadline = time.monotonic() + PATIENCE
    known: dict[int, float] = {}
    while len(known) < len(tally.paid) and time.monotonic() < deadline:
        time.sleep(1)
        rows = installation.execute(
            "SELECT id, extract(epoch FROM paid_at)::float FROM payments_payment WHERE paid_at IS NOT NULL"
        )
        known = {key: at for key, at in rows if key in tally.paid}
    return [max(at - tally.paid[key], 0.0) for key, at in known.items()]


if __name__ == "__main__":
    sys.exit(main())
