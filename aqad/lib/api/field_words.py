"""What a field of the API says when something is wrong with it: the sentences of the pages' fields."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import fields, relations, serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from aqad.lib import field_words as words

AT_MOST = _("This must be at most {max_value}.")
AT_LEAST = _("This must be at least {min_value}.")
NO_LIST = _("Send a list here.")
NO_OBJECT = _("Send an object with the fields by name here.")
LONG_TEXT = _("This is too long: at most {max_length} characters are allowed.")
SHORT_TEXT = _("This is too short: it needs at least {min_length} characters.")
LONG_NUMBER = _("This number has too many digits.")
LONG_LIST = _("Send at most {max_length} of these.")
SHORT_LIST = _("Send at least {min_length} of these.")
EMPTY = _("Send at least one.")
UNKNOWN = _("There is none like this.")

_BOUNDS = {"max_value": AT_MOST, "min_value": AT_LEAST, "max_string_length": LONG_NUMBER}
_LIST = {"not_a_list": NO_LIST, "empty": EMPTY, "max_length": LONG_LIST, "min_length": SHORT_LIST}

_FIELDS: Mapping[Any, Mapping[str, Any]] = {
    fields.Field: {"required": words.REQUIRED, "null": words.REQUIRED},
    fields.BooleanField: {"invalid": _("Send true or false.")},
    fields.CharField: {
        "invalid": _("Send a text here."),
        "blank": words.REQUIRED,
        "max_length": LONG_TEXT,
        "min_length": SHORT_TEXT,
    },
    fields.EmailField: {"invalid": words.EMAIL},
    fields.RegexField: {"invalid": words.MALFORMED},
    fields.SlugField: {"invalid": words.SLUG, "invalid_unicode": words.SLUG},
    fields.URLField: {"invalid": words.WEB_ADDRESS},
    fields.UUIDField: {"invalid": words.UNKNOWN_CODE},
    fields.IPAddressField: {"invalid": words.NETWORK_ADDRESS},
    fields.IntegerField: {"invalid": words.WHOLE_NUMBER, **_BOUNDS},
    fields.BigIntegerField: {"invalid": words.WHOLE_NUMBER, **_BOUNDS},
    fields.FloatField: {"invalid": words.NUMBER, "overflow": LONG_NUMBER, **_BOUNDS},
    fields.DecimalField: {
        "invalid": words.NUMBER,
        "max_digits": _("Enter at most {max_digits} digits."),
        "max_decimal_places": _("Enter at most {max_decimal_places} digits after the point."),
        "max_whole_digits": _("Enter at most {max_whole_digits} digits before the point."),
        **_BOUNDS,
    },
    fields.DateTimeField: dict.fromkeys(
        ("invalid", "date", "make_aware", "overflow"),
        _("Send a date and a time with its offset, such as 2026-12-31T14:30:00+04:00."),
    ),
    fields.DateField: {"invalid": words.DATE, "datetime": words.DATE},
    fields.TimeField: {"invalid": words.TIME},
    fields.DurationField: {"invalid": words.DURATION, "overflow": words.DURATION, **_BOUNDS},
    fields.ChoiceField: {"invalid_choice": words.CHOICE},
    fields.MultipleChoiceField: {"invalid_choice": words.CHOICES, "not_a_list": NO_LIST, "empty": EMPTY},
    fields.FilePathField: {"invalid_choice": words.CHOICE},
    fields.FileField: {
        "required": words.NO_FILE,
        "invalid": _("Send a file here, as multipart/form-data."),
        "no_name": words.NO_FILE,
        "empty": words.EMPTY_FILE,
        "max_length": words.LONG_FILE_NAME,
    },
    fields.ImageField: {"invalid_image": words.NO_PICTURE},
    fields.ListField: _LIST,
    fields.DictField: {"not_a_dict": NO_OBJECT, "empty": EMPTY},
    fields.JSONField: {"invalid": words.JSON},
    fields.ModelField: {"max_length": LONG_TEXT},
    serializers.Serializer: {"invalid": NO_OBJECT},
    serializers.ListSerializer: _LIST,
    relations.PrimaryKeyRelatedField: dict.fromkeys(("does_not_exist", "incorrect_type"), UNKNOWN),
    relations.SlugRelatedField: dict.fromkeys(("does_not_exist", "invalid"), UNKNOWN),
    relations.HyperlinkedRelatedField: dict.fromkeys(
        ("no_match", "incorrect_match", "does_not_exist", "incorrect_type"), UNKNOWN
    ),
    relations.ManyRelatedField: {"not_a_list": NO_LIST, "empty": EMPTY},
}


def use_our_words() -> None:
    """Call it before the first serializer is made; those declared before take the sentences when copied."""
    for kind, sentences in _FIELDS.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **sentences}
    # REST framework's own keeps the language in which it was first read.
    fields.lazy_format = format_lazy  # type: ignore[attr-defined]
    ProhibitSurrogateCharactersValidator.message = words.NO_TEXT
