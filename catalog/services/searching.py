"""What searches need that is gathered now and then: what sells, which words are used, what was not found."""

from django.db import connection, transaction

from aqad.lib.redis_access import RedisDown
from catalog.search import missed

POPULAR_DAYS = 30
KEPT_DAYS = 90
BATCH = 1000

# Doublings, not units: an order more changes nothing in most rows, and nothing is written then.
_POPULARITY = """
WITH sold AS MATERIALIZED (
    SELECT stock_id, greatest(sum(reserved_change), 0) AS units
      FROM catalog_stockmovement
     WHERE kind IN ('reserved', 'released') AND at > now() - make_interval(days => %(days)s)
     GROUP BY stock_id
), changed AS (
    SELECT product.id, ceil(ln(1 + coalesce(sold.units, 0)) / ln(2)) AS popularity
      FROM catalog_product AS product LEFT JOIN sold ON sold.stock_id = product.id
     WHERE (sold.stock_id IS NOT NULL OR product.popularity > 0)
       AND product.popularity <> ceil(ln(1 + coalesce(sold.units, 0)) / ln(2))
     LIMIT %(batch)s FOR NO KEY UPDATE OF product SKIP LOCKED
)
UPDATE catalog_product AS product SET popularity = changed.popularity
  FROM changed WHERE product.id = changed.id
"""

_WORDS = """
UPDATE catalog_searchword AS known SET uses = counted.uses
  FROM (SELECT word.word, coalesce(used.ndoc, 0) AS uses
          FROM catalog_searchword AS word
          LEFT JOIN ts_stat('SELECT search_vector FROM catalog_product', 'ab') AS used
            ON used.word = word.word) AS counted
 WHERE known.word = counted.word AND known.uses <> counted.uses
"""

_MISSES = """
INSERT INTO catalog_searchmiss (day, words, meant, count, last_at)
SELECT (now() AT TIME ZONE 'Asia/Dubai')::date, plain, max(meant), sum(count), now()
  FROM unnest(%s::text[], %s::text[], %s::integer[]) AS missed (written, meant, count),
       left(array_to_string(catalog_words(written), ' '), 60) AS plain
 WHERE plain <> ''
 GROUP BY plain ORDER BY plain
ON CONFLICT (day, words) DO UPDATE
   SET count = catalog_searchmiss.count + excluded.count, meant = excluded.meant, last_at = excluded.last_at
"""


def refresh_popularity() -> int:
    """Set what products are popular by from the units ordered of late; answers how many changed."""
    changed = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_POPULARITY, {"days": POPULAR_DAYS, "batch": BATCH})
            changed += cursor.rowcount
            if cursor.rowcount < BATCH:
                return changed


def count_words() -> int:
    """Set how many products have each word, which decides between two that may have been meant."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS)
        return cursor.rowcount


def keep_misses() -> int:
    """Bring what was not found from Redis into the database. Killed halfway it may count some of it twice."""
    try:
        taken = missed.take()
        if taken:
            _keep(
                [words for words, _meant in taken], [meant for _words, meant in taken], list(taken.values())
            )
            missed.forget()
    except RedisDown:
        return 0
    return len(taken)


@transaction.atomic
def _keep(words: list[str], meant: list[str], counts: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MISSES, [words, meant, counts])
        cursor.execute("DELETE FROM catalog_searchmiss WHERE day < current_date - %s", [KEPT_DAYS])
