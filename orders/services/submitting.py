"""Placing from a form that may be sent twice."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import idempotency
from aqad.lib import codes
from aqad.lib.errors import Invalid
from aqad.lib.writing import aed
from orders.models import Checkout
from orders.services.placing import Placement, freeing_expired_holds, place_in_transaction
from retailers import services as retailers
from retailers.selectors import retailer_of

ENDPOINT = "checkout page"
_ANY_BODY = hashlib.sha256(ENDPOINT.encode()).hexdigest()  # the same form again is the same order


@freeing_expired_holds
@transaction.atomic
def place_once(
    placement: Placement, *, by: Any, token: str, shown_total: Decimal, keep_address: bool = False
) -> Checkout:
    """Place what the form with this token asks for; the same token again finds the same checkout.

    With `keep_address` the typed address joins the retailer's own. The second of two at once waits for the
    first. Raises Invalid, changing nothing, when the total is no longer what was shown to the buyer;
    otherwise as `place_checkout` and `idempotency.claim`.
    """
    row = idempotency.claim(by, ENDPOINT, token, _ANY_BODY)
    if row.status is not None:
        return Checkout.objects.get(pk=codes.parse(row.answer, Checkout.CODE_PREFIX) or 0)
    checkout = place_in_transaction(_with_own_address(placement, by) if keep_address else placement, by=by)
    if checkout.total != shown_total:
        raise Invalid(_total_moved(checkout.total))
    idempotency.keep(row, 201, checkout.code)
    return checkout


def _with_own_address(placement: Placement, by: Any) -> Placement:
    if not isinstance(placement.address, Mapping):
        return placement
    kept = retailers.add_address(retailer_of(by), by=by, **placement.address)
    return replace(placement, address=kept.pk)


def _total_moved(total: Decimal) -> str:
    sentence = _(
        "Prices or your cart changed meanwhile: the total is now %(total)s. Look once more, then place."
    )
    return sentence % {"total": aed(total)}
