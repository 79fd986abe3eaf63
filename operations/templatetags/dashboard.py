"""`{% load dashboard %}`: the cards of the admin's first page."""

from typing import Any

from django import template

from operations import dashboard
from operations.flows import PERIODS

register = template.Library()


@register.inclusion_tag("admin/dashboard/cards.html", takes_context=True)
def dashboard_cards(context: Any) -> dict[str, Any]:
    request = context["request"]
    days = dashboard.period(request.GET.get("days", ""))
    return {"cards": dashboard.cards_for(request.user, days), "days": days, "periods": PERIODS}
