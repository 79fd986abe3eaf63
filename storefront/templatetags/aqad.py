"""How pages write money, codes, states, icons, fields and pictures: `{% load aqad %}` (docs/design.md)."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aqad.lib import uae, writing
from audit import words
from catalog.models import PriceTier, Product
from storefront import states
from storefront.pictures import Picture, picture_of

register = template.Library()

CARD_SIZES = "(max-width: 48rem) 45vw, 220px"

UNITS = {"XCT": _("carton"), "XBX": _("box"), "XPX": _("pallet"), "H87": _("piece")}
# Icons that show a direction of reading: they turn round in Arabic.
MIRRORED = frozenset({"arrow", "back", "chevron", "logout", "truck", "reorder", "list"})


@register.filter
def aed(amount: Decimal | int | str | None) -> str:
    """`1234.5` → `1,234.50 AED`, read left to right in both languages; nothing for None."""
    return "" if amount is None or amount == "" else ltr(f"{Decimal(amount):,.2f} AED")


@register.filter
def number(value: int | Decimal | None) -> str:
    """A whole number with commas, `12,000`."""
    return "" if value is None or value == "" else ltr(f"{value:,}")


@register.filter
def ltr(text: object) -> SafeString:
    """A code, phone number or address that is read left to right in Arabic too."""
    return format_html('<bdi dir="ltr">{}</bdi>', text)


@register.filter(expects_localtime=True)
def when(at: date | datetime | None, style: str = "moment") -> str:
    """A date or time in one of the styles of `aqad.lib.writing.WHEN`; nothing for None."""
    return writing.when(at, style) if at else ""


@register.filter
def time_left(until: datetime) -> str:
    """How long something may still take, `41 hours`."""
    return writing.time_left(until)


@register.simple_tag
def stamp(at: datetime, style: str = "moment") -> SafeString:
    """When something happened, for readers and for programs."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), writing.when(at, style))


@register.simple_tag
def joined(*parts: object) -> SafeString:
    """Texts with commas, as the lines of an address: `{% joined area city %}` or `{% joined lines %}`."""
    texts = parts[0] if len(parts) == 1 and isinstance(parts[0], list | tuple) else parts
    return format_html_join(writing.comma(), "<bdi>{}</bdi>", ((text,) for text in writing.distinct(texts)))


@register.filter
def town(city: str, emirate: str) -> str:
    """The city where it says more than its emirate, given by its code."""
    return uae.town(city, emirate)


@register.filter
def told(reason: str) -> str:
    """A kept reason in the reader's language, where the words are AQAD's own."""
    return writing.told(reason)


@register.filter
def unit(code: str) -> str:
    """The word of a unit of sale, `carton` for XCT."""
    return str(UNITS.get(code, code))


@register.filter
def actor(label: str) -> SafeString:
    """Who acted, as the history keeps it (`Vendor V1001`), the role in the reader's language."""
    role, _space, code = label.partition(" ")
    return format_html("{} <bdi>{}</bdi>", words.ACTORS.get(role, role), code)


@register.filter
def deed(verb: str) -> str:
    """What was done, as the history keeps it, in the reader's language."""
    return words.deed_word(verb)


@register.filter
def state(status: str) -> str:
    """The plain name of a state in a history: see `status_word` for what buyers and vendors read."""
    return words.state_word(status)


@register.filter
def lowest_tier(product: Product) -> PriceTier | None:
    """The tier that asks for most and costs least. Reads `price_tiers`, which should be prefetched."""
    return max(product.price_tiers.all(), key=lambda tier: tier.min_quantity, default=None)


@register.filter
def piece_price(product: Product) -> Decimal | None:
    """What one piece costs in AED, where the pack says how many there are: `24 × 330 ml`."""
    pieces = re.match(r"\s*(\d{1,4})\s*[×xX]", product.pack_size)
    return product.price / int(pieces[1]) if pieces and int(pieces[1]) > 1 else None


@register.filter
def in_language(thing: Any, field: str) -> str:
    """`field` in the reader's language: `…_ar` in Arabic where given. Takes objects and dicts."""
    read = thing.get if isinstance(thing, dict) else lambda name: getattr(thing, name, "")
    arabic = read(f"{field}_ar") if get_language() == "ar" else ""
    return arabic or read(field) or ""


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> str:
    """An icon of static/img/icons.svg. With a `label` it speaks; without, it is decoration."""
    classes = f"icon{' icon-mirrored' if name in MIRRORED else ''}{f' icon-{size}' if size else ''}"
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)


@register.simple_tag
def status(value: str, kind: str = "order") -> str:
    """A state as a badge: colour, icon and word. `kind`: order, checkout, payment, refund, delivery, product,
    vendor, retailer, document."""
    look = states.look(kind, value)
    return format_html('<span class="badge badge-{}">{}{}</span>', look.colour, icon(look.icon), look.word)


@register.filter
def status_word(value: str, kind: str = "order") -> str:
    """The word of a state alone, for running text and options."""
    return str(states.look(kind, value).word)


@register.inclusion_tag("components/field.html")
def field(bound: Any, optional: str = "", **attributes: str) -> dict[str, Any]:
    """A form's field: label above, help below, error beside it, tied together for screen readers.

    Attributes go to the widget; a double underscore is a hyphen: `{% field form.phone hx__get="/x" %}`.
    """
    extra: dict[str, Any] = {name.replace("__", "-"): value for name, value in attributes.items()}
    if _is_free_text(bound) and bound.value():
        extra.setdefault("dir", "auto")  # so that English in an Arabic page shows its beginning
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
        extra["aria-invalid"] = "true"
    if described:
        extra["aria-describedby"] = " ".join(described)
    if bound.field.required and not bound.use_fieldset:
        extra["required"] = True
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=extra),
        "optional": optional,
        "is_check": getattr(bound.field.widget, "input_type", "") == "checkbox",
    }


def _is_free_text(bound: Any) -> bool:
    widget = bound.field.widget
    return type(widget) in (forms.TextInput, forms.Textarea) and not {"dir", "type"} & widget.attrs.keys()


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What is wrong with a form, above it, each line leading to its field. It takes the focus."""
    return {"form": form, "wrong": [bound for bound in form if bound.errors]}


@register.simple_tag
def query_with(request: HttpRequest, **changes: object) -> str:
    """The page's own address with some parameters changed: `?…&page=2`; None or "" takes one out.

    Changing anything but the page goes back to the first page.
    """
    query = request.GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.filter
def page_range(paginator: "Paginator[Any]", page: int) -> Any:
    """Page numbers round the current one, with "…" for those left out."""
    return paginator.get_elided_page_range(page, on_each_side=1, on_ends=1)


@register.simple_tag
def nav_url(name: str, *arguments: object) -> str:
    """The address of a page, or "" where there is none, so that what leads there can be left out."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("components/image.html")
def image(product: Product, sizes: str = CARD_SIZES, *, eager: bool = False) -> dict[str, Any]:
    """A product's first picture, or the drawn placeholder of its category. Images should be prefetched."""
    return _image(picture_of(product), sizes, eager=eager)


@register.inclusion_tag("components/image.html")
def picture(one: Any, sizes: str = "220px", *, eager: bool = False) -> dict[str, Any]:
    """One ProductImage, such as those of a gallery."""
    return _image(Picture.of(one), sizes, eager=eager)


def _image(shown: Picture, sizes: str, *, eager: bool) -> dict[str, Any]:
    return {"picture": shown, "sizes": sizes, "eager": eager}
