from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import services as accounts
from accounts.models import User
from aqad.lib import uae
from aqad.lib.errors import DomainError
from aqad.lib.text.form_fields import EmailField, NameField, PhoneField, SecretField
from delivery.models import DeliveryPartner, Driver


class PartnerForm(forms.ModelForm):
    phone = PhoneField(max_length=20, label=capfirst(pgettext_lazy("field", "phone")))
    emirates = forms.MultipleChoiceField(
        choices=uae.EMIRATES,
        widget=forms.CheckboxSelectMultiple,
        label=capfirst(pgettext_lazy("field", "emirates")),
    )

    class Meta:
        model = DeliveryPartner
        fields = ("name", "phone", "emirates", "is_active")
        field_classes = {"name": NameField}


class DriverForm(forms.ModelForm):
    """What may change of a driver: the person's name and phone, and whether they still drive."""

    name = NameField(max_length=120, label=capfirst(pgettext_lazy("field", "name")))
    phone = PhoneField(max_length=20, label=capfirst(pgettext_lazy("field", "phone")))

    class Meta:
        model = Driver
        fields = ("is_active",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = self.instance.user.name
        self.initial["phone"] = self.instance.user.phone


class NewDriverForm(forms.ModelForm):
    """A new driver, invited by mail unless a password is given."""

    name = NameField(max_length=120, label=capfirst(pgettext_lazy("field", "name")))
    email = EmailField(label=capfirst(pgettext_lazy("field", "e-mail")))
    phone = PhoneField(max_length=20, label=capfirst(pgettext_lazy("field", "phone")))
    password = SecretField(
        label=_("Password"),
        required=False,
        empty_value=None,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to mail an invitation."),
    )

    class Meta:
        model = Driver
        fields = ("partner", "is_active")

    def clean(self) -> dict[str, Any]:
        """Refuse beside the fields what the service would refuse."""
        values = super().clean() or self.cleaned_data
        try:
            if values.get("email"):
                accounts.refuse_taken_email(values["email"])
            if values.get("password"):
                person = User(email=values.get("email", ""), name=values.get("name", ""))
                accounts.check_new_password(values["password"], user=person)
        except DomainError as error:
            for field, sentences in error.errors.items():
                self.add_error(field, [str(sentence) for sentence in sentences])
        return values
