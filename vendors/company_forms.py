"""What a vendor fills in about its own company."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib import uae
from aqad.lib.files.clean_file import BadFile
from aqad.lib.files.documents import clean_document
from aqad.lib.files.images import LOGO, clean_image
from aqad.lib.text.form_fields import DateField, DecimalField, NameField, PhoneField
from vendors.models import Vendor


class CompanyForm(forms.Form):
    """What no document vouches for, so that it changes without asking."""

    phone = PhoneField(
        label=_("Phone"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )
    emirate = forms.ChoiceField(label=_("Emirate"), choices=uae.EMIRATES)
    address = NameField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    min_order_value = DecimalField(
        label=_("Smallest order value, AED"),
        help_text=_("Without VAT. 0 takes orders of any value."),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}),
    )
    logo = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, up to 5 MiB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    @staticmethod
    def initial_of(vendor: Vendor) -> dict[str, Any]:
        return {name: getattr(vendor, name) for name in CompanyForm.base_fields if name != "logo"}

    def clean_logo(self) -> Any:
        """A CleanFile, or None where the logo stays as it is."""
        file = self.cleaned_data["logo"]
        try:
            return clean_image(file, LOGO) if file else None
        except BadFile as error:
            raise forms.ValidationError(str(error.message)) from error


class RenewalForm(forms.Form):
    file = forms.FileField(
        label=_("A newer document"),
        help_text=_("PDF, PNG or JPEG, up to 10 MiB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )

    expiry_date = DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day it is valid, if it names one."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_file(self) -> Any:
        try:
            return clean_document(self.cleaned_data["file"])
        except BadFile as error:
            raise forms.ValidationError(str(error.message)) from error
