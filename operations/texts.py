"""Which columns hold what people typed, by the kind of text: what a look for unclean ones goes through."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps

from aqad.lib.text.cleaning import clean_code, clean_email, clean_figure, clean_free_text, clean_name
from aqad.lib.text.stored import Clean, Left, find_unclean

_PLACES = ("label", "contact_name", "line1", "line2", "area", "city")
COLUMNS: Mapping[str, Mapping[str, Clean]] = {
    "accounts.User": {"name": clean_name, "email": clean_email},
    "vendors.Vendor": {
        **dict.fromkeys(("company_name", "trade_license_authority", "address"), clean_name),
        "email": clean_email,
        "trade_license_number": clean_code,
        "decision_reason": clean_free_text,
    },
    "vendors.VendorDocument": {"note": clean_free_text},
    "retailers.Retailer": {
        "company_name": clean_name,
        "email": clean_email,
        "trade_license_number": clean_code,
    },
    "retailers.Address": {
        **dict.fromkeys(_PLACES, clean_name),
        **dict.fromkeys(("makani", "po_box"), clean_figure),
    },
    "catalog.Category": {"name": clean_name, "name_ar": clean_name},
    "catalog.Brand": {"name": clean_name, "name_ar": clean_name},
    "catalog.Product": {
        **dict.fromkeys(("name", "name_ar", "pack_size"), clean_name),
        **dict.fromkeys(("description", "description_ar"), clean_free_text),
        "sku": clean_code,
    },
    "catalog.ProductImage": {"alt": clean_name},
    "delivery.DeliveryPartner": {"name": clean_name},
}


def unclean_texts() -> Iterator[Left]:
    """Stored texts that entrances would not take as they are, such as two accounts of one mailbox."""
    for name, columns in COLUMNS.items():
        model: Any = apps.get_model(name)
        yield from find_unclean(model, columns)
