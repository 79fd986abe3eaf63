"""Retailers who sign in and buy."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from aqad.demo.sign_ins import PASSWORD
from bench.seed.figures import FIRST_RETAILER, email_of


def sign_in(url: str, number: int) -> list[str]:
    """Access tokens of the first `number` seeded retailers."""

    def token(retailer: int) -> str:
        body = json.dumps({"email": email_of(retailer), "password": PASSWORD}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/api/auth/login", body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["access"]

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(token, range(FIRST_RETAILER, FIRST_RETAILER + number)))
