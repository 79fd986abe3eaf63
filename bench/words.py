"""A catalogue's worth of names, the same at every run: what the benchmark sells and searches for."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 1001

BRANDS = (
    "Al Waha", "Dune", "Gulf Star", "Karam", "Oasis", "Palm Court", "Red Falcon", "Saffron Road", "Sahara",
    "Silver Dhow", "Sunbird", "Zaytoun", "Amwaj", "Barari", "Corniche", "Dar Al Khair", "Emirate Mills",
    "Fajr", "Ghaf", "Hatta Springs", "Jebel", "Khor", "Liwa", "Marjan", "Najma", "Qasr", "Rimal", "Shams",
    "Tayyib", "Yas",
)  # fmt: skip
LINES = ("Classic", "Gold", "Family", "Fresh", "Premium", "Daily", "Select", "Organic", "Light", "Royal")
GOODS = {
    "beverages": (
        ("Cola", "كولا"), ("Orange Juice", "عصير برتقال"), ("Mango Nectar", "نكتار مانجو"), ("Water", "ماء"),
        ("Sparkling Water", "ماء فوار"),
        ("Laban Drink", "شراب لبن"), ("Karak Tea", "شاي كرك"), ("Lemon Mint", "ليمون نعناع"),
    ),
    "food": (
        ("Basmati Rice", "أرز بسمتي"), ("Red Lentils", "عدس أحمر"), ("Chickpeas", "حمص"),
        ("Sunflower Oil", "زيت دوار الشمس"),
        ("Tomato Paste", "معجون طماطم"), ("Date Syrup", "دبس تمر"),
        ("Tahini", "طحينة"), ("Spaghetti", "سباغيتي"),
    ),
    "snacks": (
        ("Potato Chips", "شيبس بطاطس"), ("Salted Cashews", "كاجو مملح"), ("Date Biscuits", "بسكويت تمر"),
        ("Milk Chocolate", "شوكولاتة بالحليب"), ("Wafer Rolls", "ويفر"), ("Rice Crackers", "مقرمشات أرز"),
    ),
    "household": (
        ("Dish Soap", "سائل صحون"), ("Laundry Powder", "مسحوق غسيل"), ("Kitchen Towels", "مناديل مطبخ"),
        ("Garbage Bags", "أكياس قمامة"), ("Floor Cleaner", "منظف أرضيات"), ("Bleach", "مبيض"),
    ),
}  # fmt: skip
SIZES = ("250ml", "330ml", "500ml", "1L", "1.5L", "100g", "400g", "500g", "1kg", "5kg")


@dataclass(frozen=True)
class Wording:
    brand: int
    group: int
    name: str
    name_ar: str
    pack: str


def brands() -> list[str]:
    return [f"{brand} {line}" for brand in BRANDS for line in LINES]


def groups() -> list[str]:
    return list(GOODS)


def products(number: int) -> Iterator[Wording]:
    """`number` names, the first ones the same however many there are."""
    dice, names, sorts = random.Random(SEED), brands(), groups()
    for serial in range(number):
        brand, group = dice.randrange(len(names)), dice.randrange(len(sorts))
        goods, goods_ar = dice.choice(GOODS[sorts[group]])
        size, pack = dice.choice(SIZES), dice.choice((6, 12, 24))
        name = f"{names[brand]} {goods} {size} No {serial}"
        yield Wording(brand, group, name, f"{goods_ar} {size} رقم {serial}", f"{pack} × {size}")


def queries(number: int) -> list[str]:
    """What people type: a good, a brand and a good, a beginning, Arabic, and one in five with a slip."""
    dice = random.Random(SEED)
    names = brands()
    found = []
    for _ in range(number):
        goods, goods_ar = dice.choice(GOODS[dice.choice(groups())])
        brand, size = dice.choice(names), dice.choice(SIZES)
        asked = dice.choice(
            (
                f"{brand} {goods}",
                f"{goods} {size}",
                f"{brand} {size}",
                f"{goods} {brand}",
                goods_ar,
                f"{brand} {goods[:4]}",
            )
        )
        found.append(_slipped(asked, dice) if dice.random() < 0.2 else asked)
    return found


def _slipped(text: str, dice: random.Random) -> str:
    """One letter of the longest word left out."""
    longest = max(text.split(), key=len)
    at = dice.randrange(1, len(longest))
    return text.replace(longest, longest[:at] + longest[at + 1 :], 1)
