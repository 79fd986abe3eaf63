"""`python -m bench.oscar.seed PRODUCTS`: the same names and prices as AQAD's, in Oscar's tables."""

import os
import random
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.oscar.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

from bench import words  # noqa: E402

BATCH = 2_000
ON_HAND = 1_000_000


def fill(number: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    catalogue, partner = (
        (lambda name: get_model("catalogue", name)),
        (lambda name: get_model("partner", name)),
    )
    get_model("address", "Country").objects.create(iso_3166_1_a2="AE", printable_name="United Arab Emirates")
    sort = catalogue("ProductClass").objects.create(name="Goods")
    root = catalogue("Category").add_root(name="Bench", slug="bench")
    groups = [root.add_child(name=group.title(), slug=group) for group in words.groups()]
    seller = partner("Partner").objects.create(name="Wholesaler")
    dice, names = random.Random(words.SEED), list(words.products(number))
    for start in range(0, number, BATCH):
        part = names[start : start + BATCH]
        rows = catalogue("Product").objects.bulk_create(
            catalogue("Product")(
                product_class=sort,
                title=each.name,
                slug=f"p{start + at}",
                description=each.name,
                upc=f"B-{start + at}",
            )
            for at, each in enumerate(part)
        )
        catalogue("ProductCategory").objects.bulk_create(
            catalogue("ProductCategory")(product=row, category=groups[each.group])
            for row, each in zip(rows, part, strict=True)
        )
        partner("StockRecord").objects.bulk_create(
            partner("StockRecord")(
                product=row,
                partner=seller,
                partner_sku=row.upc,
                price=dice.randrange(500, 50_000) / 100,
                num_in_stock=ON_HAND,
            )
            for row in rows
        )
        sys.stderr.write(f"\r  Oscar's products: {start + len(part):,} of {number:,} ")
    sys.stderr.write("\n")
    first = catalogue("Product").objects.order_by("pk").first()
    sys.stdout.write(str(first.pk))


if __name__ == "__main__":
    fill(int(sys.argv[1]))
