"""What the database holds, to be compared before and after."""

from django.apps import apps
from django.db import connection

FLEETING = {"accounts_pagesession", "audit_sealhead"}  # sessions; how far sealing has looked


def contents() -> dict[str, str]:
    """A digest of all rows of each table of ours, by table."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(tables) - FLEETING):
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            )
            found[table] = cursor.fetchone()[0]
    return found


def let_time_pass() -> None:
    """Move back whatever is due later, as if an hour had gone by: the database's clock judges."""
    due = {
        "notifications_outboxevent": "due_at",
        "notifications_mail": "due_at",
        "payments_webhookevent": "due_at",
        "payments_refund": "due_at",
        "payments_payment": "poll_at",
    }
    with connection.cursor() as cursor:
        for table, column in due.items():
            cursor.execute(f"UPDATE {table} SET {column} = {column} - interval '1 hour'")
