"""What vendors fill in about products and stock. Types and sizes; the rules are the services'."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError
from aqad.lib.files.clean_file import BadFile, CleanFile
from aqad.lib.files.images import PRODUCT_IMAGE, clean_image
from aqad.lib.text.form_fields import (
    CodeField,
    DecimalField,
    FigureField,
    FreeTextField,
    IntegerField,
    NameField,
)
from catalog.models import MAX_LEAD_DAYS, Brand, Category, Product, StockMovement, UnitCode, VatCategory

MAX_QUANTITY = 1_000_000
Kind = StockMovement.Kind

UNITS = [
    (UnitCode.CARTON, _("Carton")),
    (UnitCode.BOX, _("Box")),
    (UnitCode.PALLET, _("Pallet")),
    (UnitCode.PIECE, _("Piece")),
]
VAT = [
    (VatCategory.STANDARD, _("Standard rate, 5 %")),
    (VatCategory.ZERO, _("Zero rate, 0 %")),
    (VatCategory.EXEMPT, _("Exempt")),
]
STATUSES = [(Product.Status.ACTIVE, _("On sale")), (Product.Status.DRAFT, _("Draft, seen by you alone"))]
REASONS = [
    (Kind.RECEIVED, _("Received")),
    (Kind.RETURNED, _("Returned by a customer")),
    (Kind.DAMAGED, _("Damaged or lost")),
    (Kind.CORRECTION, _("Correction after counting")),
]


class Price(DecimalField):
    """AED without VAT, as typed on a phone's number pad."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})
        super().__init__(
            max_digits=12, decimal_places=2, min_value=Decimal("0.01"), **{"widget": widget, **kwargs}
        )


class Units(IntegerField):
    """A whole number of units of sale, 1 to a million unless said otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"})
        super().__init__(**{"min_value": 1, "max_value": MAX_QUANTITY, "widget": widget, **kwargs})


class Pictures(forms.FileField):
    """Any number of pictures, cleaned; `kept` names those that are here already from a refused form."""

    kept: Sequence[str] = ()

    class Widget(forms.FileInput):
        allow_multiple_selected = True

    def __init__(self, **kwargs: Any) -> None:
        accept = {"accept": "image/png,image/jpeg,image/webp", "multiple": True}
        super().__init__(widget=self.Widget(attrs=accept), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[CleanFile]:
        files = data if isinstance(data, list) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(_("Choose a picture."))
        try:
            return [clean_image(file, PRODUCT_IMAGE) for file in files]
        except BadFile as error:
            raise forms.ValidationError(str(error.message)) from error


class ProductForm(forms.Form):
    """A product as its vendor describes it. Initial values come from `initial_of`."""

    name = NameField(label=_("Name in English"), max_length=160)
    name_ar = NameField(
        label=_("Name in Arabic"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
    )
    description = FreeTextField(
        label=_("Description in English"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    description_ar = FreeTextField(
        label=_("Description in Arabic"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "rtl", "lang": "ar"}),
    )
    category = forms.ChoiceField(label=_("Category"))
    brand = forms.ChoiceField(label=_("Brand"))
    price = Price(label=_("Price per unit of sale, AED"), help_text=_("Without VAT."))
    vat_category = forms.ChoiceField(label=_("VAT"), choices=VAT)
    unit_code = forms.ChoiceField(label=_("Unit of sale"), choices=UNITS)
    pack_size = NameField(
        label=_("What one unit holds"), max_length=60, required=False, help_text=_("Such as 24 × 330 ml.")
    )
    min_order_quantity = Units(label=_("Smallest order"))
    order_multiple = Units(label=_("In steps of"))
    lead_time_days = Units(
        label=_("Days until it is ready"),
        min_value=0,
        max_value=MAX_LEAD_DAYS,
        help_text=_("0 is the same day."),
    )
    sku = CodeField(
        label=_("SKU"),
        max_length=60,
        required=False,
        help_text=_("Your own number for it."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    barcode = FigureField(
        label=_("Barcode"),
        max_length=20,
        required=False,
        help_text=_("GTIN of 8, 12, 13 or 14 digits. Buyers compare offers by it."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "data-gtin": ""}
        ),
    )
    status = forms.ChoiceField(label=_("Shown to buyers"), choices=STATUSES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = _category_choices()  # type: ignore[attr-defined]
        self.fields["brand"].choices = _brand_choices()  # type: ignore[attr-defined]
        if product is not None and product.status == Product.Status.HIDDEN:
            del self.fields["status"]

    @staticmethod
    def initial_of(product: Product | None) -> dict[str, Any]:
        """What the form shows at first: the product as it is, or what most new products are."""
        if product is None:
            return {"status": "active", "min_order_quantity": 1, "order_multiple": 1, "lead_time_days": 1}
        columns = (name for name in ProductForm.base_fields if name not in ("category", "brand"))
        rows = {"category": product.category.slug, "brand": product.brand.slug}
        return {**{name: getattr(product, name) for name in columns}, **rows}


class NewProductForm(ProductForm):
    quantity = Units(
        label=_("Opening stock"), min_value=0, help_text=_("In units of sale. Later the stock page keeps it.")
    )
    images = Pictures(
        label=_("Pictures"), required=False, help_text=_("PNG, JPEG or WebP, up to 5 MiB each, at most 10.")
    )

    @staticmethod
    def initial_of(product: Product | None = None) -> dict[str, Any]:
        return {**ProductForm.initial_of(None), "quantity": 0}


class TierForm(forms.Form):
    min_quantity = Units(label=_("From"), min_value=2)
    price = Price(label=_("Price, AED"))


class Tiers(forms.BaseFormSet):
    """Price tiers: a row left blank is no tier, wherever it stands."""

    BLANK_ROWS = 3  # without a script, which adds one for each that is filled, more come with the next save

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return super().total_form_count()
        return len(self.initial or []) + self.BLANK_ROWS

    @property
    def rows_with_script(self) -> int:
        """How many rows there are where a script adds them: one blank row at the end."""
        return self.total_form_count() - (0 if self.is_bound else self.BLANK_ROWS - 1)

    def filled(self) -> list[TierForm]:
        """Valid rows that say something, in their order."""
        return [form for form in self.forms if form.has_changed()]

    def values(self) -> list[dict[str, Any]]:
        """As the services take them."""
        return [form.cleaned_data for form in self.filled()]


TierRows = forms.formset_factory(TierForm, formset=Tiers, absolute_max=40, max_num=20)


def show_product_refusal(form: forms.Form, tiers: Any, error: DomainError) -> None:
    """Put what the domain refused beside its field, a tier's into its row, all else above the form."""
    rows = tiers.filled() if tiers is not None else []
    for name, texts in error.errors.items():
        part, _dot, rest = name.partition(".")
        place, _dot, column = rest.partition(".")
        if part == "price_tiers" and place.isdigit() and int(place) < len(rows):
            rows[int(place)].add_error(column, texts)
            form.add_error(None, [_("Look at the price tiers once more.")])
        else:
            form.add_error(name if name in form.fields else None, texts)
    if not error.errors:
        form.add_error(None, str(error.message))


class PriceForm(forms.Form):
    price = Price(label=_("Price, AED"))


class ReceiptForm(forms.Form):
    """Goods that came in, the most frequent change of stock."""

    received = Units(label=_("Received"))


class StockForm(forms.Form):
    """A change of stock as a person thinks of it: lost goods are counted, not negative."""

    kind = forms.ChoiceField(label=_("What happened"), choices=REASONS)
    change = Units(
        label=_("How many"),
        min_value=-MAX_QUANTITY,
        help_text=_("In units of sale. For a correction, the difference: -3 if three are missing."),
    )
    note = NameField(label=_("Note"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Kind.DAMAGED and values.get("change", 0) > 0:
            values["change"] = -values["change"]
        return values


class ImagesForm(forms.Form):
    images = Pictures(label=_("Pictures"), help_text=_("PNG, JPEG or WebP, up to 5 MiB each, at most 10."))


def _category_choices() -> Iterable[tuple[str, str | Promise]]:
    yield "", _("Choose a category")
    above: list[str] = []
    for category in Category.objects.order_by("path"):
        above[category.depth - 1 :] = [_named(category)]
        yield category.slug, " / ".join(above)


def _brand_choices() -> Iterable[tuple[str, str | Promise]]:
    yield "", _("Choose a brand")
    for brand in Brand.objects.order_by("name"):
        yield brand.slug, _named(brand)


def _named(row: Category | Brand) -> str:
    return (row.name_ar if get_language() == "ar" else "") or row.name
