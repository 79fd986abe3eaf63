"""What the demo's first vendors sell by the carton. Category and brand are slugs of the starting set."""

import re
from dataclasses import dataclass

from django.utils.text import slugify
from stdnum import ean

from aqad.demo.labels import Wording
from aqad.demo.packshots import Look

_SIZE = re.compile(r"(?P<size>\d[\d.,]*\s?(?:ml|L|kg|g|Bags|Rolls|Sheets|Pieces))$")


@dataclass(frozen=True)
class Goods:
    """`pack` is what a carton holds; `tiers` are (from how many cartons, price); `look` as in packshots."""

    sku: str
    name: str
    name_ar: str
    category: str
    brand: str
    barcode: str
    pack: str
    price: str
    quantity: int
    look: Look
    description: str
    description_ar: str
    tiers: tuple[tuple[int, str], ...] = ()
    minimum: int = 1
    multiple: int = 1

    @property
    def wording(self) -> Wording:
        """What the pack says: the brand, the rest of the name, and the size."""
        size = _SIZE.search(self.name)
        words = (self.name[: size.start()] if size else self.name).split()
        count = next(end for end in range(1, len(words) + 1) if slugify(" ".join(words[:end])) == self.brand)
        return Wording(" ".join(words[:count]), " ".join(words[count:]), size["size"] if size else "")


def barcode(number: int) -> str:
    """The GTIN-13 of the demo's article with this number, check digit included."""
    digits = f"6291004{number:05d}"
    return digits + str(ean.calc_check_digit(digits))


def goods(  # noqa: PLR0917 - a row of a table
    number: int | str, sku: str, name: str, name_ar: str, category: str, brand: str, pack: str, price: str,
    quantity: int, look: str, description: str, description_ar: str,
    *, tiers: str = "", minimum: int = 1, multiple: int = 1,
) -> Goods:  # fmt: skip
    """A row of the tables: `number` makes the barcode, unless it is one; tiers as in `30:41.50 90:40.00`."""
    pairs = (tier.split(":") for tier in tiers.split())
    return Goods(
        sku,
        name,
        name_ar,
        category,
        brand,
        barcode(number) if isinstance(number, int) else number,
        pack,
        price,
        quantity,
        Look(*look.split()),
        description,
        description_ar,
        tuple((int(start), each) for start, each in pairs),
        minimum,
        multiple,
    )


PEPSI = Goods(
    "PEP-330", "Pepsi 330ml", "بيبسي 330 مل", "soft-drinks", "pepsi", "6291003800115", "24 × 330 ml",
    "45.00", 500, Look("can", "navy", "sky", "bubbles"),
    "Carton of 24 cans of Pepsi. Keep cool and dry.", "كرتون من 24 علبة بيبسي. يحفظ في مكان بارد وجاف.",
    tiers=((50, "44.00"), (100, "43.00")),
)  # fmt: skip

OF_AHMED = (
    PEPSI,
    Goods(
        "7UP-330", "7UP 330ml", "سفن أب 330 مل", "soft-drinks", "7up", "6291003800481", "24 × 330 ml",
        "45.00", 320, Look("can", "palm", "lime", "fruit"),
        "Carton of 24 cans of lemon and lime drink.", "كرتون من 24 علبة بنكهة الليمون.",
        tiers=((50, "44.00"),),
    ),
    Goods(
        "MAI-1500", "Mai Dubai Water 1.5L", "مياه ماي دبي 1.5 لتر", "water", "mai-dubai", "6291003800856",
        "12 × 1.5 L", "13.50", 900, Look("bottle", "sky", "sea", "drop"),
        "Bottled drinking water, shrink-wrapped by the dozen.", "مياه شرب معبأة، 12 زجاجة في العبوة.",
        tiers=((100, "12.75"), (300, "12.00")), minimum=10,
    ),
    Goods(
        "LIP-100", "Lipton Yellow Label Tea 100 Bags", "شاي ليبتون العلامة الصفراء 100 كيس", "tea", "lipton",
        "6291003801228", "24 × 100 bags", "264.00", 80, Look("case", "saffron", "coral", "leaf"),
        "Black tea bags for kitchens that never stop.", "أكياس شاي أسود.",
    ),
    Goods(
        "NES-200", "Nescafé Classic 200g", "نسكافيه كلاسيك 200 غ", "coffee", "nescafe", "6291003801594",
        "12 × 200 g", "318.00", 60, Look("jar", "cocoa", "coral", "bean"),
        "Instant coffee in glass jars.", "قهوة سريعة التحضير في عبوات زجاجية.",
    ),
    Goods(
        "LAY-SALT", "Lay's Salted 170g", "ليز مملح 170 غ", "chips", "lays", "6291003801969", "12 × 170 g",
        "84.00", 140, Look("bag", "saffron", "coral", "sun"),
        "Potato chips with salt.", "رقائق بطاطس مملحة.",
    ),
)  # fmt: skip

OF_GULF_PANTRY = (
    Goods(
        "TIL-5", "Tilda Basmati Rice 5kg", "أرز تيلدا بسمتي 5 كغ", "rice", "tilda", "6291003802331",
        "4 × 5 kg", "196.00", 150, Look("sack", "plum", "honey", "wheat"),
        "Long-grain basmati in bags of five kilograms.", "أرز بسمتي طويل الحبة في أكياس 5 كغ.",
        tiers=((20, "189.00"),),
    ),
    Goods(
        "BAR-500", "Barilla Spaghetti No. 5 500g", "باريلا سباغيتي رقم 5 500 غ", "pasta-and-noodles",
        "barilla", "6291003802706", "24 × 500 g", "132.00", 210, Look("packet", "navy", "sky", "wheat"),
        "Durum wheat spaghetti, nine minutes.", "سباغيتي من القمح القاسي.",
    ),
    Goods(
        "NOO-1800", "Noor Sunflower Oil 1.8L", "زيت نور دوار الشمس 1.8 لتر", "cooking-oil", "noor",
        "6291003803079", "6 × 1.8 L", "99.00", 180, Look("oil", "saffron", "palm", "sun"),
        "Sunflower oil for frying and baking.", "زيت دوار الشمس للقلي والخبز.",
    ),
    Goods(
        "ALM-1000", "Almarai Long Life Milk 1L", "حليب المراعي طويل الأجل 1 لتر", "milk", "almarai",
        "6291003803444", "12 × 1 L", "63.00", 400, Look("carton", "sky", "palm", "wave"),
        "Full-fat UHT milk.", "حليب كامل الدسم معالج بالحرارة العالية.",
        tiers=((40, "61.00"),),
    ),
    Goods(
        "TID-3", "Tide Powder 3kg", "مسحوق تايد 3 كغ", "laundry", "tide", "6291003803819", "6 × 3 kg",
        "168.00", 75, Look("box", "coral", "saffron", "bubbles"),
        "Washing powder for machines.", "مسحوق غسيل للغسالات.",
    ),
    Goods(
        "FAI-600", "Fairy Lemon 600ml", "فيري ليمون 600 مل", "dishwashing", "fairy", "6291003804182",
        "20 × 600 ml", "142.00", 95, Look("shampoo", "lime", "palm", "fruit"),
        "Dishwashing liquid with lemon.", "سائل غسيل الصحون بالليمون.",
    ),
)  # fmt: skip
