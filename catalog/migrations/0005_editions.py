"""The edition: two tokens that change with what the catalogue shows, in the transaction that changes it."""

from django.db import migrations

TABLE = """
CREATE TABLE catalog_edition (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    goods uuid NOT NULL DEFAULT gen_random_uuid(),
    availability uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO catalog_edition DEFAULT VALUES;

CREATE FUNCTION catalog_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told CONSTANT text := 'aqad.new_' || TG_ARGV[0];
    this_transaction CONSTANT text := pg_current_xact_id()::text;
BEGIN
    IF current_setting(told, true) = this_transaction OR TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    ELSIF TG_ARGV[0] = 'goods' THEN
        UPDATE catalog_edition SET goods = gen_random_uuid();
    ELSE
        UPDATE catalog_edition SET availability = gen_random_uuid();
    END IF;
    PERFORM set_config(told, this_transaction, true);
    RETURN NULL;
END;
$$;
"""

# A function because PostgreSQL keeps the plans of a function's statements: this one runs with every read.
CURRENT = """
CREATE FUNCTION catalog_current(ids bigint[]) RETURNS TABLE (edition text, available integer[])
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT current.goods::text || current.availability::text, ARRAY(
        SELECT stock.on_hand - stock.reserved
          FROM unnest(ids) WITH ORDINALITY AS wanted (id, place)
          JOIN catalog_stock AS stock ON stock.product_id = wanted.id
         ORDER BY wanted.place)
      FROM catalog_edition AS current;
END;
$$;
"""

SHOWN = ("product", "productimage", "pricetier", "category", "brand")


def _new_goods(table: str, events: str) -> migrations.RunSQL:
    """Deferred, so that writers wait for each other only while they commit."""
    return migrations.RunSQL(
        f"""
        CREATE CONSTRAINT TRIGGER new_edition AFTER {events} ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_new_edition('goods')
        """,
        f"DROP TRIGGER new_edition ON {table}",
    )


NEW_AVAILABILITY = """
CREATE CONSTRAINT TRIGGER new_edition AFTER UPDATE ON catalog_stock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.on_hand > OLD.reserved) <> (NEW.on_hand > NEW.reserved))
    EXECUTE FUNCTION catalog_new_edition('availability')
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_search_kept_by_the_database")]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE catalog_edition; DROP FUNCTION catalog_new_edition"),
        migrations.RunSQL(CURRENT, "DROP FUNCTION catalog_current"),
        *[_new_goods(f"catalog_{name}", "INSERT OR UPDATE OR DELETE") for name in SHOWN],
        _new_goods("vendors_vendor", "UPDATE"),
        migrations.RunSQL(NEW_AVAILABILITY, "DROP TRIGGER new_edition ON catalog_stock"),
    ]
