"""Fields of request bodies, one for each kind of text. An Input takes no text that has no kind."""

from collections.abc import Callable
from typing import Any

from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import empty

from aqad.lib.text import cleaning


class TextField(serializers.CharField):
    """A text that its kind's function cleans or refuses, before anything else is asked of it."""

    clean_text: Callable[[str], str]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(cleaned_or_refused(type(self).clean_text, data))


class NameField(TextField):
    clean_text = staticmethod(cleaning.clean_name)


class CodeField(TextField):
    clean_text = staticmethod(cleaning.clean_code)


class FigureField(TextField):
    """A figure that is kept as text."""

    clean_text = staticmethod(cleaning.clean_figure)


class FreeTextField(TextField):
    clean_text = staticmethod(cleaning.clean_free_text)


class SearchField(TextField):
    clean_text = staticmethod(cleaning.clean_search)


class SlugField(CodeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[validate_slug], **kwargs)


@extend_schema_field({"type": "string", "format": "email", "maxLength": 254})
class EmailField(TextField):
    """An address that mail can be sent to, in lower case, its domain in ASCII."""

    clean_text = staticmethod(cleaning.clean_email)
    default_error_messages = {name: _("Invalid email") for name in ("invalid", "blank", "max_length")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=cleaning.LONGEST_EMAIL, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        """Whatever is wrong with a text, it has the one sentence of the contract."""
        try:
            return super().run_validation(data)
        except ValidationError:
            if isinstance(data, str):
                self.fail("invalid")
            raise


class SecretField(serializers.CharField):
    """A password, token or cursor: what cleaning would spoil."""


class DateField(serializers.DateField):
    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(cleaned_or_refused(cleaning.clean_figure, data))


def cleaned_or_refused(clean: Callable[[str], str], data: Any) -> Any:
    """What `clean` makes of a text; anything else as it is. Raises ValidationError."""
    if not isinstance(data, str):
        return data
    try:
        return clean(data)
    except cleaning.UnreadableText as error:
        raise ValidationError([error.message]) from error
