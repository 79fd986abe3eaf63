"""One request, one effect: the claim on a key, kept with the answer that a repeated request gets again.

Used by the API's `Idempotency-Key` and by the hidden token of forms.
"""

from typing import Any

from django.db import OperationalError, connection

from accounts.errors import IdempotencyInProgress, IdempotencyMismatch
from accounts.models import IdempotencyKey
from aqad.lib.database import LOCK_TIMEOUT, sqlstate

_CLAIM = """
INSERT INTO accounts_idempotencykey (user_id, endpoint, key, body_hash, answer)
VALUES (%s, %s, %s, %s, '') ON CONFLICT DO NOTHING RETURNING id
"""


def claim(user: Any, endpoint: str, key: str, body_hash: str) -> IdempotencyKey:
    """This request's row: a new one without a status, or the one of the request that came first.

    To be called in the transaction of the work itself. A second request waits in the unique index for the
    first, at most `lock_timeout` (3 s). Raises IdempotencyMismatch, IdempotencyInProgress.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [user.pk, endpoint, key, body_hash])
            claimed = cursor.fetchone()
    except OperationalError as error:
        if sqlstate(error) == LOCK_TIMEOUT:
            raise IdempotencyInProgress() from error
        raise
    if claimed:
        return IdempotencyKey(pk=claimed[0], body_hash=body_hash)
    row = IdempotencyKey.objects.get(user=user, endpoint=endpoint, key=key)
    if row.body_hash != body_hash:
        raise IdempotencyMismatch()
    return row


def keep(row: IdempotencyKey, status: int, answer: str) -> None:
    """Keep the answer of a claimed row for those who ask again."""
    IdempotencyKey.objects.filter(pk=row.pk).update(status=status, answer=answer)
