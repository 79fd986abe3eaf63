"""Texts stored before entrances cleaned them. What cannot be cleaned is named, and stays: see `unclean_texts`."""

from typing import Any

from django.db import migrations

from aqad.lib.text.cleaning import clean_name
from aqad.lib.text.stored import clean_stored

COLUMNS = {
    "DeliveryPartner": {"name": clean_name},
}


def clean_texts(apps: Any, _schema: Any) -> None:
    for name, columns in COLUMNS.items():
        for left in clean_stored(apps.get_model("delivery", name), columns):
            print(f"  left as it is: {left}")  # noqa: T201 - for whoever migrates


class Migration(migrations.Migration):
    atomic = False  # each batch is written by itself; begun again, it goes on

    dependencies = [("delivery", "0004_no_index_twice")]
    operations = [migrations.RunPython(clean_texts, migrations.RunPython.noop, elidable=True)]
