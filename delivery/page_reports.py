"""A step reported from the page: the same as from an app, once per key."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from aqad.lib import database
from aqad.lib.files.storage import delete_private, stored_files
from delivery import services
from delivery.models import Delivery
from delivery.reports import step


@dataclass(frozen=True)
class Asked:
    """A page's request as the idempotency of the API reads one."""

    user: Any
    path: str
    data: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def report_once(user: Any, delivery: Delivery, values: dict[str, Any], *, key: str) -> None:
    """Report the checked `values` of a StepInput; a second time with the same `key` does nothing.

    Raises what `prepare_step` and `report_step` raise, IdempotencyMismatch, IdempotencyInProgress.
    """
    photo = values.get("photo")
    data = {**values, "photo": photo.sha256 if photo else ""}
    headers = {"Idempotency-Key": key} if key else {}
    asked = Asked(user, f"/drive/{delivery.code}", data, headers)
    database.retry_on_conflict(partial(_report, asked, delivery, values))


def _report(asked: Asked, delivery: Delivery, values: dict[str, Any]) -> None:
    reported = step(values)
    with stored_files():  # the PIN is tried and the photo stored before the transaction begins
        proof = services.prepare_step(delivery, reported, photo=values.get("photo"), by=asked.user)
        response = _move(None, asked, delivery, reported, proof)
    if proof.photo and response.has_header("Idempotent-Replayed"):
        delete_private(proof.photo)  # the first request's photo is the one that counts


@idempotent("delivery-page")
def _move(
    _view: None, asked: Any, delivery: Delivery, reported: services.Step, proof: services.Proof
) -> Response:
    services.report_step(delivery, reported, proof=proof, by=asked.user)
    return Response()
