"""Orders placed at Oscar as an app places them: a basket, then its checkout, each buyer in a session."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from statistics import quantiles

from bench.load import Outcome

ADDRESS = {
    "country": "/api/countries/AE/",
    "first_name": "Fatima",
    "last_name": "Al Ali",
    "line1": "Shop 4, Al Rigga Road",
    "line4": "Dubai",
    "postcode": "00000",
    "phone_number": "+97142345678",
}
CREATED = (200, 201)


def run(port: int, products: Sequence[int], *, buyers: int, seconds: int) -> Outcome:
    """Let `buyers` buy one carton of each of `products`, in turn, as fast as they are answered."""
    end = time.monotonic() + seconds
    taken: list[float] = []
    refused = 0
    lock = threading.Lock()

    def buy(number: int) -> None:
        nonlocal refused
        turn = number
        while time.monotonic() < end:
            began = time.monotonic()
            bought = _purchase(port, products[turn % len(products)])
            with lock:
                taken.append((time.monotonic() - began) * 1000)
                refused += not bought
            turn += buyers

    began = time.monotonic()
    _at_once(buy, buyers)
    lasted = time.monotonic() - began
    good = len(taken) - refused
    cuts = quantiles(taken, n=100) if len(taken) > 1 else [0.0] * 99
    return Outcome(rate=good / lasted, p50=cuts[49], p99=cuts[98], good=good, refused=refused)


def _purchase(port: int, product: int) -> bool:
    """One order by somebody new; False where Oscar refuses it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    host = f"http://127.0.0.1:{port}"
    headers = {"Content-Type": "application/json"}

    def post(path: str, body: object) -> tuple[int, dict]:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        if cookie := answer.getheader("Set-Cookie"):
            headers["Cookie"] = cookie.split(";")[0]
        text = answer.read()
        return answer.status, json.loads(text) if answer.status in CREATED else {}

    try:
        wanted = {"url": f"{host}/api/products/{product}/", "quantity": 1}
        status, basket = post("/api/basket/add-product/", wanted)
        if status not in CREATED:
            return False
        address = ADDRESS | {"country": host + ADDRESS["country"]}
        asked = {
            "basket": basket["url"],
            "guest_email": "fatima@freshmart.example",
            "shipping_address": address,
        }
        return post("/api/checkout/", asked)[0] in CREATED
    finally:
        connection.close()


def _at_once(work: Callable[[int], None], number: int) -> None:
    threads = [threading.Thread(target=work, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
