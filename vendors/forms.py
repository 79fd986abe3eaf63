from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib import uae
from aqad.lib.files.clean_file import BadFile, CleanFile
from aqad.lib.files.documents import clean_document
from vendors import selectors
from vendors.models import Vendor, VendorDocument


class CorrectionForm(forms.ModelForm):
    """What an applicant may mend: the company's details, and a file for each document that was rejected."""

    class Meta:
        model = Vendor
        fields = (
            "company_name",
            "phone",
            "trade_license_number",
            "trade_license_authority",
            "trade_license_expiry_date",
            "trn",
            "emirate",
            "address",
        )
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "trade_license_expiry_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "trn": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for document in selectors.current_documents(self.instance):
            if document.status == VendorDocument.Status.REJECTED:
                self.fields[document.kind] = forms.FileField(
                    label=document.get_kind_display(), help_text=document.note
                )

    def clean_phone(self) -> str:
        try:
            return uae.normalise_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise forms.ValidationError(_("Enter a valid telephone number.")) from error

    def clean_trn(self) -> str:
        trn = str(self.cleaned_data["trn"])
        if not uae.is_trn(trn):
            raise forms.ValidationError(_("A TRN has 15 digits, begins with 1 and ends with 03."))
        return trn

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            for kind in self._kinds():
                try:
                    values[kind] = clean_document(values[kind])
                except BadFile as error:
                    self.add_error(kind, str(error.message))
        return values

    def correction(self) -> dict[str, Any]:
        """The checked values as `services.correct_application` takes them."""
        documents: dict[str, CleanFile] = {kind: self.cleaned_data[kind] for kind in self._kinds()}
        changes = {name: value for name, value in self.cleaned_data.items() if name not in documents}
        return {"documents": documents, **changes}

    def _kinds(self) -> list[str]:
        return [name for name in self.fields if name in VendorDocument.Kind.values]
