"""An index that another begins with costs every write and helps no read."""

from django.apps import apps
from django.conf import settings
from django.db import connection

# Apart from Django's own tables and those between many and many.
COVERED = """
SELECT narrow.indexrelid::regclass::text, wide.indexrelid::regclass::text
FROM pg_index narrow
JOIN pg_index wide ON wide.indrelid = narrow.indrelid AND wide.indexrelid <> narrow.indexrelid
JOIN pg_class one ON one.oid = narrow.indexrelid
JOIN pg_class other ON other.oid = wide.indexrelid AND other.relam = one.relam
JOIN pg_class relation ON relation.oid = narrow.indrelid
WHERE NOT narrow.indisunique AND narrow.indexprs IS NULL AND narrow.indpred IS NULL AND wide.indpred IS NULL
    AND (wide.indkey::text || ' ') LIKE (narrow.indkey::text || ' %%')
    AND (wide.indclass::text || ' ') LIKE (narrow.indclass::text || ' %%')
    AND relation.relname = ANY (%s)
"""


def is_ours(model):
    return (settings.BASE_DIR / model._meta.app_label / "migrations").is_dir()


def test_no_index_is_written_twice(db):
    ours = [model._meta.db_table for model in apps.get_models() if is_ours(model)]
    assert "orders_order" in ours
    with connection.cursor() as cursor:
        cursor.execute(COVERED, [ours])
        assert cursor.fetchall() == []
