from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from aqad.lib.errors import InvalidTransition
from aqad.lib.inserting import insert
from aqad.lib.web.context import current_address, current_request_id
from audit.models import Entry


def label(actor: Any) -> str:
    """How the log names who acted: `Vendor V1001`, `Admin sara@aqad.example`, `System` for None."""
    if actor is None:
        return "System"
    return f"{str(actor.role).capitalize()} {actor.code or actor.email}"


def record(
    actor: Any,
    verb: str,
    things: models.Model | Sequence[models.Model],
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
    from_status: str = "",
    to_status: str = "",
) -> None:
    """Write one entry per thing, in one statement of the caller's transaction.

    `actor` is a user, or None for the system itself. A thing has a `code`, or else its text is taken.
    """
    rows = [things] if isinstance(things, models.Model) else things
    told = [(thing, data or {}) for thing in rows]
    record_each(actor, verb, told, reason=reason, from_status=from_status, to_status=to_status)


def record_each(
    actor: Any,
    verb: str,
    told: Iterable[tuple[models.Model, dict[str, Any]]],
    *,
    reason: str = "",
    from_status: str = "",
    to_status: str = "",
) -> None:
    """As `record`, with data of its own for each thing."""
    insert(
        [
            Entry(
                actor_id=actor.pk if actor else None,
                actor_label=label(actor),
                verb=verb,
                object_kind=_kind(thing),
                object_code=getattr(thing, "code", None) or str(thing),
                from_status=from_status,
                to_status=to_status,
                reason=reason,
                data=data,
                address=current_address() or None,
                request_id=current_request_id(),
            )
            for thing, data in told
        ]
    )


def record_export(actor: Any, name: str, *, data: dict[str, Any]) -> None:
    """Note who took which list away, such as `orders.Order`."""
    Entry.objects.create(
        actor_id=actor.pk,
        actor_label=label(actor),
        verb="exported",
        object_kind="List",
        object_code=name,
        data=data,
        address=current_address() or None,
        request_id=current_request_id(),
    )


def transition(things: Any, to: str, *, by: Any, verb: str, reason: str = "", **changes: Any) -> None:
    """Move the status of one thing, or of several that stand in the same status, to `to`.

    One conditional UPDATE over the model's `TRANSITIONS`; raises InvalidTransition, changing nothing, when
    the move is not allowed or somebody moved first. `changes` are further columns of the same UPDATE. The
    instances in hand carry the new values afterwards. Writes one audit entry each.
    """
    rows: list[Any] = [things] if isinstance(things, models.Model) else list(things)
    if not rows:
        return
    model, was = type(rows[0]), rows[0].status
    if any(row.status != was for row in rows) or to not in model.TRANSITIONS.get(was, ()):
        raise InvalidTransition()
    found = model._base_manager.filter(pk__in=[row.pk for row in rows], status=was)
    if found.update(status=to, **changes) != len(rows):
        raise InvalidTransition()
    for row in rows:
        for name, value in {"status": to, **changes}.items():
            setattr(row, name, value)
    record(by, verb, rows, reason=reason, from_status=was, to_status=to)


def _kind(thing: models.Model) -> str:
    name = thing._meta.verbose_name_raw
    return name[:1].upper() + name[1:]
