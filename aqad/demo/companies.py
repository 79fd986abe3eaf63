"""Who sells, buys and drives in the demo. Names are made up; addresses end in `.example`."""

from collections.abc import Sequence
from dataclasses import dataclass

from aqad.demo import goods_of_food, goods_of_home
from aqad.demo.goods import Goods

AUTHORITIES = {
    "DXB": "Dubai Economy and Tourism",
    "AUH": "Abu Dhabi Department of Economic Development",
    "SHJ": "Sharjah Economic Development Department",
    "AJM": "Ajman Department of Economic Development",
    "RAK": "Ras Al Khaimah Department of Economic Development",
}


@dataclass(frozen=True)
class Seller:
    """A vendor of the demo; `minimum` is the least an order must be worth, in AED.

    `licence_days` is for how many days from today the trade licence is valid.
    """

    company: str
    email: str
    person: str
    phone: str
    licence: str
    trn: str
    address: str
    emirate: str
    colour: str
    goods: Sequence[Goods] = ()
    minimum: str = "0.00"
    language: str = "en"
    licence_days: int = 900


@dataclass(frozen=True)
class Buyer:
    company: str
    email: str
    person: str
    phone: str
    line1: str
    area: str
    city: str
    emirate: str
    trn: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Carrier:
    name: str
    phone: str
    emirates: tuple[str, ...]
    drivers: tuple[tuple[str, str], ...]


AHMED = Seller(
    "Ahmed Foods LLC", "ahmed@ahmedfoods.example", "Ahmed Al Mansoori", "+97142345678", "CN-1024567",
    "100234567300003", "Warehouse 12, Al Quoz Industrial Area 3", "DXB", "#0d5c42",
)  # fmt: skip
GULF_PANTRY = Seller(
    "Gulf Pantry Trading", "layla@gulfpantry.example", "Layla Haddad", "+97165432109", "CN-2087311",
    "100876543600003", "Shed 4, Sharjah Industrial Area 6", "SHJ", "#6b2d5c",
    language="ar",
)  # fmt: skip
OASIS = Seller(
    "Oasis Dairy Distribution", "noura@oasisdairy.example", "Noura Saeed", "+97137654321", "CN-3055190",
    "100555666200003", "Al Ain Industrial City", "AUH", "#1f7ea6",
)  # fmt: skip

OTHER_SELLERS = (
    Seller(
        "Falcon Beverages FZE", "yousef@falconbeverages.example", "Yousef Darwish", "+97148812345",
        "FZ-4410982",
        "100310442700003", "Jebel Ali Free Zone, South 6", "DXB", "#1c3f75", goods_of_food.OF_FALCON,
        "300.00",
    ),
    Seller(
        "Al Marjan Chilled Foods", "mariam@almarjan.example", "Mariam Al Ketbi", "+97125551234", "CN-5120077",
        "100428817100003", "Cold Store 9, Mussafah M-37", "AUH", "#1f7ea6", goods_of_food.OF_MARJAN, "250.00",
    ),
    Seller(
        "Sahara Grains and Pulses", "tariq@saharagrains.example", "Tariq Mahmood", "+97165345678",
        "CN-6033418",
        "100519906000003", "Saif Zone, Block Q4", "SHJ", "#b3603a", goods_of_food.OF_SAHARA,
        licence_days=26,
    ),
    Seller(
        "Bustan Farms Trading", "hessa@bustanfarms.example", "Hessa Al Shamsi", "+97172041234", "CN-7011265",
        "100602214500003", "Al Hamra Road, Farm Market", "RAK", "#7a8a35", goods_of_home.OF_BUSTAN, "150.00",
        licence_days=5,
    ),
    Seller(
        "Northern Lights Frozen Foods", "elena@northernlights.example", "Elena Petrova", "+97148845678",
        "CN-8090211",
        "100733190100003", "Cold Hub 2, Dubai Investments Park", "DXB", "#12607a",
        goods_of_home.OF_NORTHERN, "400.00",
    ),
    Seller(
        "Nadeef Home Supplies", "rashid@nadeef.example", "Rashid Karim", "+97142678901", "CN-9055604",
        "100844071500003", "Ras Al Khor Industrial 2", "DXB", "#e05d49", goods_of_home.OF_NADEEF,
        licence_days=54,
    ),
    Seller(
        "Bright Care Trading", "sana@brightcare.example", "Sana Iqbal", "+97167489012", "CN-1103398",
        "100955163200003", "Ajman Industrial 1, Unit 22", "AJM", "#9c2748", goods_of_home.OF_BRIGHT,
    ),
)  # fmt: skip
SUSPENDED_SELLER = Seller(
    "Qasr Sweets Trading", "bilal@qasrsweets.example", "Bilal Aziz", "+97142990011", "CN-1207745",
    "100166280300003", "Deira, Al Ras Street 8", "DXB", "#c97b12", goods_of_home.OF_QASR,
)  # fmt: skip
REJECTED_SELLER = Seller(
    "Blue Dhow Imports", "dana@bluedhow.example", "Dana Haddad", "+97142331122", "CN-1300456",
    "100277391800003", "Dubai Creek, Office 5", "DXB", "#1c3f75",
)  # fmt: skip
# Its TRN fails the check digit, as some real ones do: reviewers are told to look.
PENDING_SELLER = Seller(
    "Liwa Fresh Produce", "sultan@liwafresh.example", "Sultan Al Mazrouei", "+97128801234", "CN-1411902",
    "100388402500003", "Al Mina Fruit Market, Row 3", "AUH", "#0d5c42",
)  # fmt: skip
# Its licence ran out yesterday, so its selling is paused; it had listed nothing yet.
LAPSED_SELLER = Seller(
    "Al Rawda Spice House", "jaber@alrawdaspice.example", "Jaber Saleh", "+97165512090", "CN-1522671",
    "100499513000003", "Al Qasimia, Souq Lane 4", "SHJ", "#b3603a", licence_days=-1,
)  # fmt: skip

# The first is the one to sign in as. Fujairah has no delivery partner: what goes there waits for operations.
BUYERS = (
    Buyer("Fresh Mart Supermarket", "fatima@freshmart.example", "Fatima Al Suwaidi", "+97143219876",
          "Shop 3, Al Wasl Road", "Jumeirah 1", "Dubai", "DXB", "100123450500003"),
    Buyer("Al Noor Grocery", "omar@alnoorgrocery.example", "Omar Rahman", "+97126543210", "Hamdan Street 41",
          "Al Danah", "Abu Dhabi", "AUH", language="ar"),
    Buyer("Marina Corner Store", "priya@marinacorner.example", "Priya Nair", "+97144221133", "Marina Walk 12",
          "Dubai Marina", "Dubai", "DXB", "100234510200003"),
    Buyer("Al Barsha Hypermarket", "khalid@albarshahyper.example", "Khalid Al Hashimi", "+97143998877",
          "Street 23, Building 7", "Al Barsha 1", "Dubai", "DXB", "100345620700003"),
    Buyer("Saffron House Restaurant", "reza@saffronhouse.example", "Reza Ahmadi", "+97142217788",
          "Al Rigga Road 60", "Deira", "Dubai", "DXB", "100456730800003"),
    Buyer("Corniche Market", "aisha@cornichemarket.example", "Aisha Al Dhaheri", "+97126667788",
          "Corniche Road West 8", "Al Khalidiyah", "Abu Dhabi", "AUH", "100567840400003", "ar"),
    Buyer("Al Qasba Mini Mart", "hassan@alqasbamart.example", "Hassan Ali", "+97165561234",
    "Al Khan Street 5",
          "Al Qasba", "Sharjah", "SHJ", language="ar"),
    Buyer("Rumaila Stores", "george@rumaila.example", "George Thomas", "+97167423344",
    "Sheikh Humaid Street 14",
          "Al Rumaila", "Ajman", "AJM"),
    Buyer("Nakheel Supermarket", "moza@nakheelmarket.example", "Moza Al Nuaimi", "+97172277889",
    "Al Nakheel 30",
          "Al Nakheel", "Ras Al Khaimah", "RAK", "100678950900003"),
    Buyer("East Coast Foods", "saif@eastcoastfoods.example", "Saif Al Hmoudi", "+97192223344",
          "Hamad bin Abdulla Road 18", "Al Faseel", "Fujairah", "FUJ"),
)  # fmt: skip

CARRIERS = (
    Carrier("FastTrack Logistics", "+97144556677", ("DXB", "SHJ", "AJM"), (
        ("Imran Khan", "imran@fasttrack.example"), ("Rafiq Uddin", "rafiq@fasttrack.example"))),
    Carrier("Desert Wheels", "+97125566778", ("AUH", "DXB"), (
        ("Joseph Mathew", "joseph@desertwheels.example"), ("Anwar Hussain", "anwar@desertwheels.example"))),
    Carrier("Hajar Couriers", "+97172288990", ("AJM", "RAK", "SHJ", "UAQ"), (
        ("Suresh Kumar", "suresh@hajarcouriers.example"),)),
)  # fmt: skip

SIGN_INS = (
    ("vendor", AHMED.email), ("vendor", GULF_PANTRY.email), ("retailer", BUYERS[0].email),
    ("retailer", BUYERS[1].email), ("driver", CARRIERS[0].drivers[0][1]), ("driver",
    CARRIERS[1].drivers[0][1]),
)  # fmt: skip
