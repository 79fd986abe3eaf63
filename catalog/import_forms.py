"""What a vendor chooses when sending a sheet of products."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib.files.clean_file import BadFile, CleanFile
from catalog.sheets.guard import clean_sheet


class SheetField(forms.FileField):
    """A CSV or XLSX file that passed the checks; its name is kept beside it for the eye."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> tuple[CleanFile, str]:
        file = super().clean(data, initial)
        try:
            return clean_sheet(file), str(file.name)
        except BadFile as error:
            raise forms.ValidationError(str(error.message)) from error


class SheetForm(forms.Form):
    sheet = SheetField(
        label=_("Sheet of products"), error_messages={"required": _("Choose a CSV or XLSX file.")}
    )
    correct_stock = forms.BooleanField(
        label=_("Correct the stock"),
        required=False,
        help_text=_(
            "Where the quantity of a product you list already differs from what is on hand, "
            "write a correction. Otherwise such rows are refused."
        ),
    )


class ConfirmForm(forms.Form):
    partial = forms.BooleanField(required=False)
