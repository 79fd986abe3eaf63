from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError
from aqad.lib.text.form_fields import EmailField, FigureField, NameField, SecretField


class _Password(SecretField):
    """A password as typed, never sent back to the page."""

    def __init__(self, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=128, widget=widget, **kwargs)


class PersonFields(forms.Form):
    """How the fields of a person who registers look; what is right, the registration's serializer decides."""

    name = NameField(label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"})
    )
    phone = FigureField(
        label=_("Mobile number"),
        help_text=_("Drivers and vendors call you on this number."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )
    password = _Password(
        "new-password", label=_("Password"), help_text=_("At least eight characters, hard to guess.")
    )


class EmailForm(forms.Form):
    email = EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class SignInForm(EmailForm):
    password = _Password("current-password", label=_("Password"))


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    otp = FigureField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "dir": "ltr", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    new_password = _Password(
        "new-password", label=_("New password"), help_text=_("At least eight characters, hard to guess.")
    )


def show_refusal(form: forms.BaseForm, error: DomainError) -> None:
    """Put what the domain refused beside the fields it names, or above the form."""
    known = {name: texts for name, texts in error.errors.items() if name in form.fields}
    for name, texts in known.items():
        for text in texts:
            form.add_error(name, text)
    if not known:
        form.add_error(None, str(error.message))
