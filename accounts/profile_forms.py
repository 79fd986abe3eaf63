from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aqad.lib.text.form_fields import EmailField, NameField, PhoneField, SecretField


class PersonForm(forms.ModelForm):
    """What people may change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.has_own_language:  # the page's own, so that nobody changes it without seeing it
            self.initial["language"] = get_language()

    @property
    def changes(self) -> dict[str, Any]:
        """What is to be kept; the language also where it is confirmed for the first time."""
        first = {"language"} if not self.instance.language_chosen else set()
        return {name: self.cleaned_data[name] for name in self.fields if name in {*self.changed_data, *first}}

    class Meta:
        model = User
        fields = ("name", "phone", "language")
        field_classes: ClassVar = {"name": NameField, "phone": PhoneField}
        labels: ClassVar = {"name": _("Your name"), "phone": _("Telephone")}
        widgets: ClassVar = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
        }


class OwnPasswordForm(forms.Form):
    old_password = SecretField(
        label=_("Present password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = SecretField(
        label=_("New password"),
        help_text=_("At least eight characters, hard to guess."),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class OwnEmailForm(forms.Form):
    email = EmailField(
        label=_("New e-mail address"),
        help_text=_("We mail a link to it. The address changes when you open that link."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    password = SecretField(
        label=_("Password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
