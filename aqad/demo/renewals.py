"""Papers that run out: one renewal to be looked at, reminders, and one vendor whose selling is paused."""

from datetime import date, timedelta

from accounts.models import User
from aqad.demo import papers
from aqad.demo.companies import AUTHORITIES, LAPSED_SELLER, OTHER_SELLERS, Seller
from aqad.lib.business_day import today
from aqad.lib.files.clean_file import CleanFile
from vendors import services as vendors
from vendors.models import Vendor, VendorDocument

LICENCE = VendorDocument.Kind.TRADE_LICENSE
RENEWS = next(each for each in OTHER_SELLERS if each.company == "Sahara Grains and Pulses")
YEAR = timedelta(days=365)


def licence_of(seller: Seller, expires: date) -> CleanFile:
    paper = papers.trade_licence(
        seller.company, seller.licence, authority=AUTHORITIES[seller.emirate], expires=expires.isoformat()
    )
    return CleanFile(paper, "application/pdf", "pdf")


def first_expiry(seller: Seller) -> date:
    """The day on the licence as it is sent: what has run out by now was good then."""
    return today() + timedelta(days=max(seller.licence_days, 1))


def let_papers_run_out() -> None:
    """Let a licence be over, send a renewal of another, and do what the sweepers do every day."""
    lapsed = Vendor.objects.get(company_name=LAPSED_SELLER.company)
    over = today() + timedelta(days=LAPSED_SELLER.licence_days)
    lapsed.documents.filter(kind=LICENCE).update(expiry_date=over)
    Vendor.objects.filter(pk=lapsed.pk).update(trade_license_expiry_date=over)
    renews = Vendor.objects.get(company_name=RENEWS.company)
    ends = first_expiry(RENEWS) + YEAR
    owner = User.objects.get(code=renews.code)
    vendors.renew_document(renews, LICENCE, licence_of(RENEWS, ends), by=owner, expiry_date=ends)
    vendors.remind_of_expiry()
    vendors.pause_lapsed_vendors()
