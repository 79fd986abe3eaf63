"""Which edition of the catalogue is current, told by the database itself.

`catalog_edition` is one row with two tokens. Triggers renew them in the transaction of a change, while it
commits: `goods` for whatever answers show or lists sort by, `availability` when a product sells out or can be
had again. A reader therefore sees a new token exactly when it sees the change.
"""

from collections.abc import Sequence

from django.db import connection

from aqad.lib.postgres.base import preparing_cursor
from aqad.lib.postgres.values import numbers

GOODS = 36  # characters of the first token


def current(ids: Sequence[int] = ()) -> tuple[str, list[int | None]]:
    """The edition (`goods`, then `availability`) and what is available of `ids`, both of one moment.

    None stands for a product that is not there.
    """
    with preparing_cursor() as cursor:
        cursor.execute("SELECT edition, available FROM catalog_current(%s::bigint[])", [numbers(ids)])
        edition, available = cursor.fetchone()
    return edition, available


def may_be_kept() -> bool:
    """Whether this connection reads what all do: within a transaction it may see changes of its own."""
    return not connection.in_atomic_block
