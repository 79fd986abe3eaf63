from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib import uae
from aqad.lib.text.form_fields import FigureField, NameField, PhoneField
from aqad.lib.writing import joined
from retailers.models import Address

TEXT = forms.TextInput


class AddressForm(forms.ModelForm):
    """An address in the Emirates, with what a phone's keyboard and autofill need to know."""

    class Meta:
        model = Address
        fields = (
            "line1", "line2", "area", "city", "emirate", "contact_name", "phone", "label", "makani", "po_box",
        )  # fmt: skip
        field_classes = {
            **dict.fromkeys(("line1", "line2", "area", "city", "contact_name", "label"), NameField),
            **dict.fromkeys(("makani", "po_box"), FigureField),
            "phone": PhoneField,
        }
        labels = {
            "label": _("Name of this address"),
            "contact_name": _("Who takes the goods"),
            "phone": _("Telephone on the spot"),
            "line1": _("Building, shop and street"),
            "line2": _("Floor, entrance or landmark"),
            "area": _("Area"),
            "city": _("City"),
            "emirate": _("Emirate"),
            "makani": _("Makani number"),
            "po_box": _("P.O. box"),
        }
        help_texts = {
            "label": _("For example “Shop in Deira”."),
            "makani": _("The ten digits on the plate of the building: a driver finds it by them."),
        }
        widgets = {
            "label": TEXT(attrs={"autocomplete": "off"}),
            "contact_name": TEXT(attrs={"autocomplete": "name"}),
            "phone": TEXT(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
            "line1": TEXT(attrs={"autocomplete": "address-line1"}),
            "line2": TEXT(attrs={"autocomplete": "address-line2"}),
            "area": TEXT(attrs={"autocomplete": "address-level3"}),
            "city": TEXT(attrs={"autocomplete": "address-level2"}),
            "makani": TEXT(attrs={"inputmode": "numeric", "dir": "ltr"}),
            "po_box": TEXT(attrs={"inputmode": "numeric", "dir": "ltr"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        emirate: Any = self.fields["emirate"]
        emirate.choices = [("", _("Choose")), *uae.EMIRATES]


class OwnAddressForm(AddressForm):
    """One of the retailer's own, which may be the one that is offered first."""

    is_default = forms.BooleanField(label=_("Offer this address first at the checkout"), required=False)

    def __init__(self, data: Any = None, *, instance: Address | None = None) -> None:
        initial = {"is_default": instance.is_default if instance else False}
        super().__init__(data, instance=instance, initial=initial)


def lines_of(address: Address) -> str:
    """An address in one line."""
    city = uae.town(address.city, address.emirate)
    return joined((address.line1, address.line2, address.area, city, address.get_emirate_display()))
