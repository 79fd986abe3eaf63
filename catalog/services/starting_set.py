"""The categories and brands of a new installation. From then on admins keep them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from catalog.models import Brand, Category

# Name and Arabic name of each category, then those of its subcategories.
CATEGORIES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Beverages", "مشروبات", (
        ("Soft Drinks", "مشروبات غازية"), ("Water", "مياه"), ("Juices", "عصائر"),
        ("Energy Drinks", "مشروبات الطاقة"), ("Tea", "شاي"), ("Coffee", "قهوة"),
    )),
    ("Dairy and Eggs", "ألبان وبيض", (
        ("Milk", "حليب"), ("Laban and Yoghurt", "لبن وزبادي"), ("Cheese", "أجبان"),
        ("Butter and Cream", "زبدة وقشطة"), ("Eggs", "بيض"),
    )),
    ("Rice, Pasta and Pulses", "أرز ومعكرونة وبقوليات", (
        ("Rice", "أرز"), ("Pasta and Noodles", "معكرونة ونودلز"), ("Pulses", "بقوليات"), ("Flour", "طحين"),
    )),
    ("Oils and Condiments", "زيوت وتوابل", (
        ("Cooking Oil", "زيت طبخ"), ("Ghee", "سمن"), ("Sauces", "صلصات"),
        ("Spices", "بهارات"), ("Salt and Sugar", "ملح وسكر"),
    )),
    ("Canned and Packaged Food", "أغذية معلبة", (
        ("Canned Fish", "أسماك معلبة"), ("Canned Vegetables", "خضروات معلبة"),
        ("Soups", "شوربات"), ("Jams and Spreads", "مربى ومعجون"),
    )),
    ("Snacks and Confectionery", "وجبات خفيفة وحلويات", (
        ("Chips", "رقائق البطاطس"), ("Chocolate", "شوكولاتة"), ("Biscuits", "بسكويت"),
        ("Nuts", "مكسرات"), ("Dates", "تمور"),
    )),
    ("Breakfast and Bakery", "فطور ومخبوزات", (
        ("Cereals", "حبوب الإفطار"), ("Bread", "خبز"), ("Honey", "عسل"), ("Cakes", "كيك"),
    )),
    ("Frozen Food", "أغذية مجمدة", (
        ("Frozen Poultry", "دواجن مجمدة"), ("Frozen Vegetables", "خضروات مجمدة"),
        ("Ice Cream", "مثلجات"), ("Frozen Snacks", "وجبات مجمدة"),
    )),
    ("Fresh Produce", "خضروات وفواكه", (
        ("Fruit", "فواكه"), ("Vegetables", "خضروات"), ("Herbs", "أعشاب"),
    )),
    ("Household and Cleaning", "منظفات ومستلزمات منزلية", (
        ("Laundry", "غسيل"), ("Dishwashing", "غسيل الصحون"), ("Surface Cleaners", "منظفات الأسطح"),
        ("Paper Products", "منتجات ورقية"), ("Bin Bags and Foil", "أكياس ورقائق"),
    )),
    ("Personal Care", "عناية شخصية", (
        ("Shampoo", "شامبو"), ("Soap", "صابون"), ("Oral Care", "العناية بالفم"),
        ("Deodorants", "مزيلات العرق"),
    )),
    ("Baby Care", "عناية بالطفل", (
        ("Nappies", "حفاضات"), ("Baby Food", "أغذية أطفال"), ("Wipes", "مناديل مبللة"),
    )),
)  # fmt: skip

BRANDS: tuple[tuple[str, str], ...] = (
    ("Pepsi", "بيبسي"), ("Coca-Cola", "كوكا كولا"), ("7UP", "سفن أب"), ("Red Bull", "ريد بُل"),
    ("Al Ain", "العين"), ("Masafi", "مسافي"), ("Mai Dubai", "ماي دبي"), ("Almarai", "المراعي"),
    ("Al Rawabi", "الروابي"), ("Lacnor", "لاكنور"), ("Rani", "راني"), ("Lipton", "ليبتون"),
    ("Nescafé", "نسكافيه"), ("Nestlé", "نستله"), ("Nido", "نيدو"), ("Puck", "بوك"),
    ("Kiri", "كيري"), ("Lurpak", "لورباك"), ("Tilda", "تيلدا"), ("Barilla", "باريلا"),
    ("Heinz", "هاينز"), ("Americana", "أمريكانا"), ("Lay's", "ليز"), ("Galaxy", "جالكسي"),
    ("Kellogg's", "كيلوقز"), ("Noor", "نور"), ("Afia", "عافية"), ("Tide", "تايد"),
    ("Fairy", "فيري"), ("Dettol", "ديتول"), ("Pampers", "بامبرز"), ("Colgate", "كولجيت"),
)  # fmt: skip


@transaction.atomic
def load_categories_and_brands() -> None:
    """Add what is missing of the starting set, by slug; safe to repeat. What admins changed stays."""
    known = dict(Category.objects.values_list("slug", "pk"))
    for name, name_ar, children in CATEGORIES:
        parent_id = known.get(slugify(name)) or _add_root(name, name_ar)
        _add_children(parent_id, [child for child in children if slugify(child[0]) not in known])
    brands = [Brand(slug=slugify(name), name=name, name_ar=name_ar) for name, name_ar in BRANDS]
    Brand.objects.bulk_create(brands, ignore_conflicts=True)


def _add_root(name: str, name_ar: str) -> int:
    return int(Category.objects.add_root(_columns(name, name_ar)).pk)


def _add_children(parent_id: int, children: Iterable[tuple[str, str]]) -> None:
    for name, name_ar in children:
        parent = Category.objects.get(pk=parent_id)  # treebeard keeps the count of children on the row
        Category.objects.add_child(parent, _columns(name, name_ar))


def _columns(name: str, name_ar: str) -> dict[str, str]:
    return {"slug": slugify(name), "name": name, "name_ar": name_ar}
