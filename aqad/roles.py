"""What the roles of staff may do: one table, which every `migrate` puts into the database.

Superusers may do everything. A right is Django's permission, and the same on the API and in the admin site:
`change` on orders lets somebody accept and cancel them, on products hide them, on outbox events and mails try
them again. Who is nobody's role here, such as resetting a second factor, is for superusers to give.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

from django.apps import AppConfig
from django.apps import apps as registry
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction

PEOPLE = ("accounts.user", "accounts.tokenfamily", "accounts.pagesession")
VENDORS = ("vendors.vendor", "vendors.vendormember")
PAPERS = ("vendors.vendordocument",)  # licences and certificates: for who reviews them, and nobody else
RETAILERS = ("retailers.retailer", "retailers.retailermember", "retailers.address")
TAXONOMY = ("catalog.category", "catalog.brand")
SEARCHES = ("catalog.searchmiss", "catalog.searchword")
GOODS = ("catalog.product", "catalog.productimage", "catalog.pricetier", *SEARCHES)
SHEETS = ("catalog.productimport", "catalog.importrow")
STOCK = ("catalog.stock", "catalog.stockmovement")
ORDERS = ("orders.checkout", "orders.order", "orders.orderline")
BASKETS = ("orders.cartitem",)
PROBLEMS = ("orders.problemreport",)
PAYMENTS = ("payments.payment", "payments.refund", "payments.refundallocation")
WEBHOOKS = ("payments.webhookevent",)
CARRIERS = ("delivery.deliverypartner", "delivery.driver")
DELIVERIES = ("delivery.delivery", "delivery.deliveryevent")
MESSAGES = ("notifications.outboxevent", "notifications.mail", "notifications.notification")
HISTORY = ("audit.entry",)
ROLLOUTS = ("operations.deployment",)


def _rights(verb: str, *models: str) -> list[str]:
    return [f"{app}.{verb}_{model}" for app, model in (name.split(".") for name in models)]


ROLES: Mapping[str, Iterable[str]] = {
    "Reviewer": (
        *_rights("view", *VENDORS, *PAPERS, *TAXONOMY, *GOODS, *HISTORY),
        *_rights("change", "vendors.vendor", *PAPERS),
    ),
    "Operations": (
        *_rights(
            "view", *PEOPLE, *VENDORS, *RETAILERS, *TAXONOMY, *GOODS, *SHEETS, *STOCK, *ORDERS, *BASKETS
        ),
        *_rights("view", *PROBLEMS, *PAYMENTS, *WEBHOOKS, *CARRIERS, *DELIVERIES, *MESSAGES, *HISTORY),
        *_rights("change", "retailers.retailer", *TAXONOMY, "catalog.product", "orders.order", *PROBLEMS),
        *_rights("change", *CARRIERS, "delivery.delivery", "notifications.outboxevent", "notifications.mail"),
        *_rights("add", *TAXONOMY, *CARRIERS),
        *_rights("delete", *TAXONOMY),
        *_rights("view", *ROLLOUTS),
        "accounts.deactivate_user",
        "accounts.reactivate_user",
        "accounts.end_sessions",
        "audit.export_lists",
        "operations.see_doctor",
        "operations.correct_stock",
    ),
    "Finance": (
        *_rights("view", *VENDORS, *RETAILERS, *ORDERS, *PAYMENTS, *WEBHOOKS, *HISTORY),
        *_rights("change", "payments.payment", "payments.refund", "payments.webhookevent"),
        "payments.add_refund",
        "audit.export_lists",
    ),
    "Support": (
        *_rights(
            "view", *PEOPLE, *VENDORS, *RETAILERS, *TAXONOMY, *GOODS, *SHEETS, *ORDERS, *BASKETS, *PROBLEMS
        ),
        *_rights("view", *PAYMENTS, *CARRIERS, *DELIVERIES, *MESSAGES, *HISTORY),
        *_rights("change", "accounts.user", *PROBLEMS, "notifications.mail"),
        "accounts.end_sessions",
        "operations.see_doctor",
    ),
}


def write_roles_at_the_end(sender: AppConfig, apps: Apps = registry, **_signal: object) -> None:
    """After `migrate`, when the last app has its permissions; not where a partial one left out the groups."""
    last = [each for each in registry.get_app_configs() if each.models_module][-1]
    if sender == last and "auth" in {each.label for each in apps.get_app_configs()}:
        write_roles()


@transaction.atomic
def write_roles() -> None:
    """Make the groups of the roles and give each the rights of the table and no others. Safe to repeat.

    A right whose model is not migrated yet comes with the migration that brings it.
    """
    Group.objects.bulk_create([Group(name=name) for name in ROLES], ignore_conflicts=True)
    permissions = _permissions()
    for group in Group.objects.filter(name__in=ROLES):
        group.permissions.set([permissions[right] for right in ROLES[group.name] if right in permissions])


def _permissions() -> dict[str, Permission]:
    apps_named = {right.partition(".")[0] for right in chain.from_iterable(ROLES.values())}
    found = Permission.objects.filter(content_type__app_label__in=apps_named).select_related("content_type")
    return {f"{each.content_type.app_label}.{each.codename}": each for each in found}
