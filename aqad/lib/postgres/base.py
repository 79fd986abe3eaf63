"""Django's PostgreSQL backend with a cursor that prepares and a health check without a statement."""

import select
from typing import Any, cast

import psycopg
from django.db import connection
from django.db.backends.postgresql import base, operations
from psycopg.pq import TransactionStatus


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """As sent; a prepared statement's text, whose values psycopg does not keep with it."""
        return super().last_executed_query(cursor, sql, params) or str(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """The `ENGINE` of AQAD's database."""

    ops_class = DatabaseOperations
    _spare: "_PreparingCursor | None" = None

    def is_usable(self) -> bool:
        """Whether the server still listens.

        An idle server says nothing until it ends the connection. So a statement is sent only where something
        waits to be read or went wrong; asking by one before each request costs as much as its own reads.
        """
        if self.connection is None:
            return False
        if self.errors_occurred or self.connection.info.transaction_status == TransactionStatus.INERROR:
            return super().is_usable()
        return self._is_silent() or super().is_usable()

    def preparing_cursor(self) -> Any:
        """A cursor whose statements the server parses and plans once for each connection.

        Values go apart from the text, so a statement says each type that nothing else tells: `%s::jsonb`.
        """
        self.ensure_connection()
        spare, self._spare = self._spare, None
        if spare is None or spare.connection is not self.connection:
            with self.wrap_database_errors:
                spare = _PreparingCursor(self.connection)
                spare.wrapper = self
        return self._prepare_cursor(spare)  # type: ignore[attr-defined]

    def _is_silent(self) -> bool:
        try:
            poll = select.poll()
            poll.register(self.connection.fileno(), select.POLLIN)
            return not poll.poll(0)
        except psycopg.Error:  # closed on our side: it has no file any more
            return False


class _PreparingCursor(psycopg.Cursor[Any]):
    """psycopg's own, while Django's puts values into the text; kept for the next to ask, as they cost."""

    wrapper: DatabaseWrapper

    def close(self) -> None:
        self.wrapper._spare = self  # noqa: SLF001 - one with it


def preparing_cursor() -> Any:
    """`DatabaseWrapper.preparing_cursor` of this thread's connection."""
    return cast(DatabaseWrapper, connection).preparing_cursor()
