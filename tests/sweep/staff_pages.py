"""The addresses of the admin site's pages in the world of the sweep."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from accounts.models import User
from aqad.lib import codes
from catalog.models import Category
from tests.sweep.staff_table import DOCTOR, PAGES, Page
from tests.sweep.world import World
from vendors.models import VendorDocument


def model_url(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def other_pages(world: World) -> dict[str, tuple[Page, str, list[Any]]]:
    """By name each page that is no model's: who may open it, its address and what varies in that."""
    names = _names(world)
    pages = {}
    for name, page in {**PAGES, **DOCTOR}.items():
        args = [names.get(arg, arg) for arg in page.args]
        pages[name] = (page, reverse(name if name in DOCTOR else f"admin:{name}", args=args), args)
    return pages


def row_of(model: type[Model], world: World) -> Any:
    """One that can be opened, and deleted where its kind can be; None where there is none."""
    if model is User:
        return world.people["retailer"]
    rows = model._default_manager
    return rows.last() if model is Category else rows.first()  # a leaf can be deleted


def _names(world: World) -> dict[str, Any]:
    document = VendorDocument.objects.filter(vendor=codes.parse(world.names["applicant"], "V"))[0]
    names = {**world.names, "applicant_key": document.vendor_id, "document_key": document.pk}
    names["paid_payment_key"] = codes.parse(world.names["paid_payment"], "PAY")
    return names
