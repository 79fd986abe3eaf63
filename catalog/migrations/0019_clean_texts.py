"""Texts stored before entrances cleaned them. What cannot be cleaned is named, and stays: see `unclean_texts`."""

from typing import Any

from django.db import migrations

from aqad.lib.text.cleaning import clean_code, clean_free_text, clean_name
from aqad.lib.text.stored import clean_stored

COLUMNS = {
    "Category": {"name": clean_name, "name_ar": clean_name},
    "Brand": {"name": clean_name, "name_ar": clean_name},
    "Product": {"name": clean_name, "name_ar": clean_name, "description": clean_free_text, "description_ar": clean_free_text, "sku": clean_code, "pack_size": clean_name},
    "ProductImage": {"alt": clean_name},
}


def clean_texts(apps: Any, _schema: Any) -> None:
    for name, columns in COLUMNS.items():
        for left in clean_stored(apps.get_model("catalog", name), columns):
            print(f"  left as it is: {left}")  # noqa: T201 - for whoever migrates


class Migration(migrations.Migration):
    atomic = False  # each batch is written by itself; begun again, it goes on

    dependencies = [("catalog", "0018_a_second_look_at_rows")]
    operations = [migrations.RunPython(clean_texts, migrations.RunPython.noop, elidable=True)]
