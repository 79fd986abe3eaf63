"""Fields of forms, one for each kind of text: pages and admin clean what is typed as the API does."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib import uae
from aqad.lib.text import cleaning


class TextField(forms.CharField):
    """A text that its kind's function cleans or refuses."""

    clean_text: Callable[[str], str]

    def to_python(self, value: Any) -> Any:
        return super().to_python(_cleaned(type(self).clean_text, value))


class NameField(TextField):
    clean_text = staticmethod(cleaning.clean_name)


class CodeField(TextField):
    clean_text = staticmethod(cleaning.clean_code)


class FigureField(TextField):
    """A figure that is kept as text."""

    clean_text = staticmethod(cleaning.clean_figure)


class FreeTextField(TextField):
    clean_text = staticmethod(cleaning.clean_free_text)
    widget = forms.Textarea


class SearchField(TextField):
    clean_text = staticmethod(cleaning.clean_search)


class EmailField(TextField):
    """An address that mail can be sent to; what is none has the one text "Invalid email"."""

    clean_text = staticmethod(cleaning.clean_email)
    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": cleaning.LONGEST_EMAIL, **kwargs})


class PhoneField(FigureField):
    """A telephone number in E.164; without a country code it is one of the UAE."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 64, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return uae.normalise_phone(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("Enter a valid telephone number.")) from error


class TrnField(FigureField):
    """A tax registration number of the UAE; blanks and hyphens between its digits do not count."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "max_length": 64})

    def clean(self, value: Any) -> str:
        digits = re.sub(r"[\s-]", "", super().clean(value))
        if digits and not uae.is_trn(digits):
            raise forms.ValidationError(_("A TRN has 15 digits, begins with 1 and ends with 03."))
        return digits


class SecretField(forms.CharField):
    """A password, token or key, as sent: blanks at its ends count."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"strip": False, **kwargs})


class SlugField(CodeField, forms.SlugField):
    """A slug; what is none of a row finds none."""


class DecimalField(forms.DecimalField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(_cleaned(cleaning.clean_figure, value))


class IntegerField(forms.IntegerField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(_cleaned(cleaning.clean_figure, value))


class DateField(forms.DateField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(_cleaned(cleaning.clean_figure, value))


def _cleaned(clean: Callable[[str], str], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return clean(value)
    except cleaning.UnreadableText as error:
        raise forms.ValidationError(error.message) from error
