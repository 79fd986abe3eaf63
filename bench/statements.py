"""`python -m bench.statements`: how many SQL statements each kind of request sends."""

import json
import os
import sys
from typing import Any

import django

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def count(requests: dict[str, list[dict[str, str]]]) -> dict[str, int]:
    """Statements of the last of each name's requests, those apart that begin and end transactions."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(raise_request_exception=False)
    found = {}
    for name, sequence in requests.items():
        for request in sequence:
            with CaptureQueriesContext(connection) as sent:
                _send(client, request)
        found[name] = sum(not query["sql"].startswith(CONTROL) for query in sent)
    return found


def _send(client: Any, request: dict[str, str]) -> None:
    headers = {"authorization": f"Bearer {request['token']}"} if request["token"] else {}
    answer = client.generic(
        request["method"],
        request["path"],
        request["body"],
        content_type="application/json",
        headers={"host": "127.0.0.1", **headers},
    )
    if answer.status_code >= 400:
        raise RuntimeError(f"{request['path']}: {answer.status_code} {answer.content[:300]!r}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")
    django.setup()
    sys.stdout.write(json.dumps(count(json.load(sys.stdin))))
