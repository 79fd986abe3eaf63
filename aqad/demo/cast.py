"""The demo cast: companies and people of the running example, brought in through the services alone."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db import connection

from accounts.models import User
from aqad.demo import papers, pictures
from aqad.demo.goods import OF_AHMED, OF_GULF_PANTRY, Goods
from aqad.demo.sign_ins import SignIn
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.documents import clean_document
from aqad.lib.files.images import clean_image
from catalog.models import Product
from catalog.services.products import create_product
from delivery import services as delivery
from delivery.models import DeliveryPartner
from orders.models import Order
from retailers import services as retailers
from retailers.models import Retailer
from vendors import services as vendors
from vendors.models import Vendor, VendorDocument

PASSWORD = "karak-tea-at-five"  # noqa: S105 - in the README; the demo is refused in production
AUTHORITY = "Dubai Economy and Tourism"
CODED = (Vendor, Retailer, Product, Order, DeliveryPartner)


def load_cast(admin: User) -> list[SignIn]:
    """Bring in the cast on a database without vendors, `admin` deciding. Returns who can sign in.

    Call it inside a transaction and `stored_files()`: the cast comes as a whole or not at all.
    """
    _number_from_the_start()
    ahmed = _vendor(
        "Ahmed Foods LLC", "ahmed@ahmedfoods.example", "Ahmed Al Mansoori", "+97142345678",
        licence="CN-1024567", trn="100234567800003", address="Warehouse 12, Al Quoz Industrial Area 3",
        colour="#0b7a5b",
    )  # fmt: skip
    gulf = _vendor(
        "Gulf Pantry Trading", "layla@gulfpantry.example", "Layla Haddad", "+97165432109",
        licence="CN-2087311", trn="100876543200003", address="Shed 4, Sharjah Industrial Area 6",
        emirate="SHJ", colour="#8a3ffc",
    )  # fmt: skip
    for vendor, goods in ((ahmed, OF_AHMED), (gulf, OF_GULF_PANTRY)):
        _approve(vendor, admin)
        _list(vendor, goods)
    _vendor(
        "Oasis Dairy Distribution", "noura@oasisdairy.example", "Noura Saeed", "+97137654321",
        licence="CN-3055190", trn="100555666700003", address="Al Ain Industrial City", emirate="AUH",
        colour="#1e88c9",
    )  # fmt: skip
    _retailers()
    _partners(admin)
    return [
        _sign_in("vendor", "ahmed@ahmedfoods.example"),
        _sign_in("vendor", "layla@gulfpantry.example"),
        _sign_in("retailer", "fatima@freshmart.example"),
        _sign_in("retailer", "omar@alnoorgrocery.example"),
        _sign_in("driver", "imran@fasttrack.example"),
        _sign_in("driver", "joseph@desertwheels.example"),
    ]


def _vendor(
    company: str,
    email: str,
    person: str,
    phone: str,
    *,
    licence: str,
    trn: str,
    address: str,
    colour: str,
    emirate: str = "DXB",
) -> Vendor:
    paper = papers.trade_licence(company, licence, authority=AUTHORITY, expires="2029-05-31")
    return vendors.register_vendor(
        email=email,
        password=PASSWORD,
        name=person,
        phone=phone,
        company_name=company,
        trade_license_number=licence,
        trade_license_authority=AUTHORITY,
        trade_license_expiry_date="2029-05-31",
        trn=trn,
        emirate=emirate,
        address=address,
        documents={
            VendorDocument.Kind.TRADE_LICENSE: clean_document(BytesIO(paper)),
            VendorDocument.Kind.VAT_CERTIFICATE: clean_document(
                BytesIO(papers.vat_certificate(company, trn))
            ),
        },
        logo=clean_image(BytesIO(pictures.company_mark(company, colour=colour))),
    )


def _approve(vendor: Vendor, admin: User) -> None:
    for kind in VendorDocument.REQUIRED:
        vendors.accept_document(vendor, kind, by=admin)
    vendors.approve_vendor(vendor, by=admin)
    vendor.refresh_from_db()


def _list(vendor: Vendor, goods: Sequence[Goods]) -> None:
    owner = User.objects.get(code=vendor.code)
    for one in goods:
        create_product(
            vendor,
            by=owner,
            name=one.name,
            price=Decimal(one.price),
            quantity=one.quantity,
            category=one.category,
            brand=one.brand,
            price_tiers=[{"min_quantity": quantity, "price": price} for quantity, price in one.tiers],
            images=[_picture(one)],
            name_ar=one.name_ar,
            description=one.description,
            description_ar=one.description_ar,
            sku=one.sku,
            barcode=one.barcode,
            pack_size=one.pack,
            min_order_quantity=one.minimum,
            vat_category=one.vat_category,
        )


def _picture(one: Goods) -> CleanFile:
    label = one.name.split()[0]
    drawn = pictures.product_picture(label, one.pack, shape=one.shape, colour=one.colour)
    return clean_image(BytesIO(drawn))


def _retailers() -> None:
    retailers.register_retailer(
        email="fatima@freshmart.example",
        password=PASSWORD,
        name="Fatima Al Suwaidi",
        phone="+97143219876",
        company_name="Fresh Mart Supermarket",
        trn="100123450000003",
        address=_address("Shop 3, Al Wasl Road", area="Jumeirah 1", city="Dubai", emirate="DXB"),
    )
    retailers.register_retailer(
        email="omar@alnoorgrocery.example",
        password=PASSWORD,
        name="Omar Rahman",
        phone="+97126543210",
        company_name="Al Noor Grocery",
        address=_address("Hamdan Street 41", area="Al Danah", city="Abu Dhabi", emirate="AUH"),
        language="ar",
    )


def _partners(admin: User) -> None:
    for name, phone, emirates, person, email in (
        (
            "FastTrack Logistics",
            "+97144556677",
            ("DXB", "SHJ", "AJM"),
            "Imran Khan",
            "imran@fasttrack.example",
        ),
        ("Desert Wheels", "+97125566778", ("AUH", "DXB"), "Joseph Mathew", "joseph@desertwheels.example"),
    ):
        partner = delivery.create_partner(name=name, phone=phone, emirates=emirates, by=admin)
        delivery.add_driver(
            partner, name=person, email=email, phone="+971501234567", password=PASSWORD, by=admin
        )


def _address(line1: str, **more: str) -> dict[str, Any]:
    return {"label": "Store", "line1": line1, **more}


def _sign_in(role: str, email: str) -> SignIn:
    return {"role": role, "email": email, "password": PASSWORD}


def _number_from_the_start() -> None:
    """Take back the numbers that a start killed halfway used up: the README promises V1001 and P1001."""
    with connection.cursor() as cursor:
        for model in CODED:
            if not model.objects.exists():
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART")
