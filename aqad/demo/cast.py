"""The demo cast: companies, people and goods of the running example, brought in through the services."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO

from django.db import connection
from django.utils.text import slugify
from PIL import Image

from accounts.models import User
from aqad.demo import companies, papers, pictures, renewals
from aqad.demo.companies import AHMED, GULF_PANTRY, OASIS, Seller
from aqad.demo.goods import OF_AHMED, OF_GULF_PANTRY, Goods
from aqad.demo.goods_of_food import MORE_OF_AHMED, MORE_OF_GULF_PANTRY
from aqad.demo.own_brands import OWN_BRANDS
from aqad.demo.shapes import SIZE
from aqad.demo.sign_ins import PASSWORD, SignIn
from aqad.demo.staff import load_staff
from aqad.demo.views import views_of
from aqad.lib.files import picture_work
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.images import THUMBNAIL_WIDTHS
from catalog.models import Brand, Product
from catalog.services.products import create_product
from catalog.services.taxonomy import save_brand
from delivery import services as delivery
from delivery.models import DeliveryPartner
from orders.models import Checkout, Order
from payments.models import Payment
from retailers import services as retailers
from retailers.models import Retailer
from vendors import services as vendors
from vendors.models import Vendor, VendorDocument

CODED = (Vendor, Retailer, Product, Checkout, Order, Payment, DeliveryPartner)
Pictures = Mapping[str, list[CleanFile]]


def load_cast(admin: User, drawn: Pictures) -> list[SignIn]:
    """Bring in the cast on a database without vendors, `admin` deciding. Returns who can sign in.

    Call it inside a transaction and `stored_files()`: the cast comes as a whole or not at all. `drawn` are
    the pictures that `draw_pictures` made before the transaction. Nothing is on hand afterwards: what came in
    and went out is for the history to tell. Files are stored as they were drawn here; only what strangers
    send needs to be cleaned.
    """
    _number_from_the_start()
    _brands(admin)
    ahmed, gulf = _approved(AHMED, admin), _approved(GULF_PANTRY, admin)
    _list(ahmed, OF_AHMED, drawn)
    _list(gulf, OF_GULF_PANTRY, drawn)
    _register(OASIS)
    for seller in companies.OTHER_SELLERS:
        _list(_approved(seller, admin), seller.goods, drawn)
    _list(ahmed, MORE_OF_AHMED, drawn)
    _list(gulf, MORE_OF_GULF_PANTRY, drawn)
    _in_other_states(admin, drawn)
    _buyers()
    _carriers(admin)
    people: list[SignIn] = [
        {"role": role, "email": email, "password": PASSWORD} for role, email in companies.SIGN_INS
    ]
    return [*people, *load_staff()]


def _everything() -> list[Goods]:
    sellers = (*companies.OTHER_SELLERS, companies.SUSPENDED_SELLER)
    own = (*OF_AHMED, *MORE_OF_AHMED, *OF_GULF_PANTRY, *MORE_OF_GULF_PANTRY)
    return [*own, *(one for seller in sellers for one in seller.goods)]


def goods_by_sku() -> dict[str, Goods]:
    """All goods of the demo; a SKU stands for one of them only."""
    return {one.sku: one for one in _everything()}


def draw_pictures() -> Pictures:
    """The pictures by SKU, on all cores: drawing and packing leave the interpreter to the others.

    Call it outside of transactions. It takes seconds, and minutes on a busy machine, in which a transaction
    would stand idle until the database ends it.
    """
    goods = _everything()
    with ThreadPoolExecutor() as pool:
        return dict(zip((one.sku for one in goods), pool.map(_pictures, goods), strict=True))


def _pictures(one: Goods) -> list[CleanFile]:
    return [
        CleanFile(drawn, "image/png", "png", SIZE, SIZE, thumbnails=_thumbnails(drawn))
        for drawn in views_of(one)
    ]


def _thumbnails(drawn: bytes) -> dict[str, CleanFile]:
    """Made here: what AQAD draws itself needs no limited child."""
    widths = sorted(THUMBNAIL_WIDTHS, reverse=True)
    made = picture_work.make_thumbnails(Image.open(BytesIO(drawn)), widths)
    return {
        str(wanted): CleanFile(content, "image/webp", "webp", width, height)
        for wanted, (content, width, height) in zip(widths, made, strict=True)
    }


def _brands(admin: User) -> None:
    for name, name_ar in OWN_BRANDS:
        slug = slugify(name)
        if not Brand.objects.filter(slug=slug).exists():
            save_brand(Brand(slug=slug, name=name, name_ar=name_ar), by=admin)


def _register(seller: Seller) -> Vendor:
    authority = companies.AUTHORITIES[seller.emirate]
    expires = renewals.first_expiry(seller)
    certificate = papers.vat_certificate(seller.company, seller.trn)
    mark = pictures.company_mark(seller.company, colour=seller.colour)
    return vendors.register_vendor(
        email=seller.email,
        password=PASSWORD,
        name=seller.person,
        phone=seller.phone,
        company_name=seller.company,
        trade_license_number=seller.licence,
        trade_license_authority=authority,
        trade_license_expiry_date=expires,
        trn=seller.trn,
        emirate=seller.emirate,
        address=seller.address,
        min_order_value=Decimal(seller.minimum),
        documents={
            VendorDocument.Kind.TRADE_LICENSE: renewals.licence_of(seller, expires),
            VendorDocument.Kind.VAT_CERTIFICATE: CleanFile(certificate, "application/pdf", "pdf"),
        },
        language=seller.language,
        logo=CleanFile(mark, "image/png", "png", pictures.SIZE, pictures.SIZE),
    )


def _approved(seller: Seller, admin: User) -> Vendor:
    vendor = _register(seller)
    for kind in VendorDocument.REQUIRED:
        vendors.accept_document(vendor, kind, by=admin)
    vendors.approve_vendor(vendor, by=admin)
    vendor.refresh_from_db()
    return vendor


def _in_other_states(admin: User, drawn: Pictures) -> None:
    """One vendor suspended, one rejected, one more that waits, and one whose licence is about to lapse."""
    qasr = _approved(companies.SUSPENDED_SELLER, admin)
    _list(qasr, companies.SUSPENDED_SELLER.goods, drawn)
    vendors.suspend_vendor(qasr, reason="The trade licence was not renewed in time.", by=admin)
    rejected = _register(companies.REJECTED_SELLER)
    kind = VendorDocument.Kind.TRADE_LICENSE
    vendors.reject_document(rejected, kind, note="The scan cannot be read. Send it once more.", by=admin)
    vendors.reject_vendor(rejected, reason="The trade licence cannot be read.", by=admin)
    _register(companies.PENDING_SELLER)
    _approved(companies.LAPSED_SELLER, admin)


def _list(vendor: Vendor, goods: Sequence[Goods], drawn: Pictures) -> None:
    owner = User.objects.get(code=vendor.code)
    for one in goods:
        create_product(
            vendor,
            by=owner,
            name=one.name,
            price=Decimal(one.price),
            quantity=0,
            category=one.category,
            brand=one.brand,
            price_tiers=[{"min_quantity": quantity, "price": price} for quantity, price in one.tiers],
            images=drawn[one.sku],
            name_ar=one.name_ar,
            description=one.description,
            description_ar=one.description_ar,
            sku=one.sku,
            barcode=one.barcode,
            pack_size=one.pack,
            min_order_quantity=one.minimum,
            order_multiple=one.multiple,
        )


def _buyers() -> None:
    for buyer in companies.BUYERS:
        retailers.register_retailer(
            email=buyer.email,
            password=PASSWORD,
            name=buyer.person,
            phone=buyer.phone,
            company_name=buyer.company,
            trn=buyer.trn,
            address={
                "label": "Store", "contact_name": buyer.person, "phone": buyer.phone, "line1": buyer.line1,
                "area": buyer.area, "city": buyer.city, "emirate": buyer.emirate,
            },
            language=buyer.language,
        )  # fmt: skip


def _carriers(admin: User) -> None:
    for carrier in companies.CARRIERS:
        partner = delivery.create_partner(
            name=carrier.name, phone=carrier.phone, emirates=carrier.emirates, by=admin
        )
        for name, email in carrier.drivers:
            delivery.add_driver(
                partner, name=name, email=email, phone="+971501234567", password=PASSWORD, by=admin
            )


def _number_from_the_start() -> None:
    """Take back the numbers that a start killed halfway used up: the README promises V1001 and P1001."""
    with connection.cursor() as cursor:
        for model in CODED:
            if not model.objects.exists():
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART")
