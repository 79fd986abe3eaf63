"""How many products have how much left, for the planner alone: `in_stock=false` read all of a million to find none.

An index of what is left would be written by every order.
"""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("catalog", "0016_what_is_not_there")]
    operations: ClassVar[list[migrations.RunSQL]] = [
        migrations.RunSQL(
            "CREATE STATISTICS stock_left ON (on_hand - reserved) FROM catalog_stock",
            "DROP STATISTICS stock_left",
        ),
        migrations.RunSQL("ANALYZE catalog_stock", migrations.RunSQL.noop),
    ]
