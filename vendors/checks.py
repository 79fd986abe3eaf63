"""What can be known about an application without a person looking: nothing here refuses anything."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aqad.lib import uae
from aqad.lib.business_day import today
from vendors.models import Vendor, VendorDocument

SOON = timedelta(days=60)
SAME = ("email", "phone", "trn", "trade_license_number")


@dataclass(frozen=True)
class Check:
    """`state` is good, look or bad; `others` are vendors that the sentence is about."""

    name: str
    state: str
    sentence: str
    others: list[Vendor] = field(default_factory=list)


def checks_of(vendor: Vendor, documents: list[VendorDocument]) -> list[Check]:
    """In a constant number of statements; `documents` are all of the vendor's."""
    return [_trn(vendor), _licence(vendor, documents), *_same_details(vendor), _same_files(vendor, documents)]


def _trn(vendor: Vendor) -> Check:
    if not uae.is_trn(vendor.trn):
        return Check("trn", "bad", _("The TRN is not 15 digits that begin with 1 and end with 03."))
    if not uae.trn_luhn_ok(vendor.trn):
        return Check("trn", "look", _("The TRN's check digit is wrong. Some real ones are: compare it."))
    return Check("trn", "good", _("The TRN has the right shape and check digit."))


def _licence(vendor: Vendor, documents: list[VendorDocument]) -> Check:
    current = [each for each in documents if each.kind == VendorDocument.Kind.TRADE_LICENSE]
    ends = current[-1].expiry_date if current else vendor.trade_license_expiry_date
    if ends is None:
        return Check("licence", "look", _("Nobody has said yet until when the licence is valid."))
    now = today()
    if ends < now:
        return Check("licence", "bad", _("The licence ran out on %(day)s.") % {"day": ends.isoformat()})
    state = "look" if ends <= now + SOON else "good"
    return Check("licence", state, _("The licence is valid until %(day)s.") % {"day": ends.isoformat()})


def _same_details(vendor: Vendor) -> Iterator[Check]:
    others = _with_same_details(vendor)
    words: dict[str, Any] = {
        "email": (_("No other vendor has this e-mail."), _("Another vendor has the same e-mail.")),
        "phone": (_("No other vendor has this phone."), _("Another vendor has the same phone.")),
        "trn": (_("No other vendor has this TRN."), _("Another vendor has the same TRN.")),
        "trade_license_number": (
            _("No other vendor has this licence number."),
            _("Another vendor has the same licence number."),
        ),
    }
    for name, (alone, shared) in words.items():
        same = [each for each in others if _plain(each, name) == _plain(vendor, name)]
        state = "good" if not same else "look" if name == "phone" else "bad"
        yield Check(name, state, shared if same else alone, same)


def _with_same_details(vendor: Vendor) -> list[Vendor]:
    same = Q()
    for name in SAME:
        same |= Q(**{f"{name}__iexact": getattr(vendor, name)})
    return list(Vendor.objects.filter(same).exclude(pk=vendor.pk).order_by("pk")[:20])


def _plain(vendor: Vendor, name: str) -> str:
    return str(getattr(vendor, name)).casefold()


def _same_files(vendor: Vendor, documents: list[VendorDocument]) -> Check:
    hashes = {each.sha256 for each in documents}
    strangers = VendorDocument.objects.filter(sha256__in=hashes).exclude(vendor=vendor)
    others = list(Vendor.objects.filter(pk__in=strangers.values("vendor")).order_by("pk")[:20])
    if others:
        return Check("file", "bad", _("Another vendor has sent the very same file."), others)
    if len(hashes) < len(documents):
        return Check("file", "look", _("This vendor has sent the same file more than once."))
    return Check("file", "good", _("Nobody has sent these files before."))
