from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib.text.form_fields import FreeTextField


class ReasonForm(forms.Form):
    """Why a vendor will not deliver; the buyer reads it."""

    reason = FreeTextField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("The buyer reads this. Say what is missing and when to try again."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
