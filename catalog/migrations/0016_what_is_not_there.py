"""`catalog_current` has a NULL for a product that is not there, so that it may be asked for many answers at once."""

from typing import ClassVar

from django.db import migrations

TEMPLATE = """
CREATE OR REPLACE FUNCTION catalog_current(ids bigint[]) RETURNS TABLE (edition text, available integer[])
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT current.goods::text || current.availability::text, ARRAY(
        SELECT stock.on_hand - stock.reserved
          FROM unnest(ids) WITH ORDINALITY AS wanted (id, place)
          {join} catalog_stock AS stock ON stock.product_id = wanted.id
         ORDER BY wanted.place)
      FROM catalog_edition AS current;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("catalog", "0015_beginnings_as_words")]
    operations: ClassVar[list[migrations.RunSQL]] = [
        migrations.RunSQL(TEMPLATE.format(join="LEFT JOIN"), TEMPLATE.format(join="JOIN"))
    ]
