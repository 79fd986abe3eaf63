"""A step reported from the page: the same as from an app, once per key."""

import hashlib
from functools import partial
from typing import Any

from django.db import transaction

from accounts import idempotency
from aqad.lib import database
from aqad.lib.api.json import dumps
from aqad.lib.files.storage import delete_private, stored_files
from delivery import services
from delivery.models import Delivery
from delivery.reports import step

ENDPOINT = "delivery-page"


def report_once(user: Any, delivery: Delivery, values: dict[str, Any], *, key: str) -> None:
    """Report the checked `values` of a StepInput; a second time with the same `key` does nothing.

    Raises what `prepare_step` and `report_step` raise, IdempotencyMismatch, IdempotencyInProgress.
    """
    database.retry_on_conflict(partial(_report, user, delivery, values, key))


def _report(user: Any, delivery: Delivery, values: dict[str, Any], key: str) -> None:
    reported = step(values)
    photo = values.get("photo")
    asked = dumps([delivery.code, {**values, "photo": photo.sha256 if photo else ""}])
    with stored_files():  # the PIN is tried and the photo stored before the transaction begins
        proof = services.prepare_step(delivery, reported, photo=photo, by=user)
        with transaction.atomic():
            row = idempotency.claim(user, ENDPOINT, key, hashlib.sha256(asked).hexdigest()) if key else None
            is_repeated = row is not None and row.status is not None
            if not is_repeated:
                services.report_step(delivery, reported, proof=proof, by=user)
            if row is not None and not is_repeated:
                idempotency.keep(row, 200, "")
    if proof.photo and is_repeated:
        delete_private(proof.photo)  # the first request's photo is the one that counts
