"""The day in the UAE by the database's clock: what runs out does so at the end of its last day there."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models.functions import Now, TruncDate

ZONE = ZoneInfo("Asia/Dubai")
TODAY = TruncDate(Now(), tzinfo=ZONE)


def today() -> date:
    """One statement; in a query use TODAY instead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (statement_timestamp() AT TIME ZONE %s)::date", [ZONE.key])
        day: date = cursor.fetchone()[0]
    return day
