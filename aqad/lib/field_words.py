"""What a field says when something is wrong with it: AQAD's own sentences in place of Django's.

Each says what to do, and none shows a key of the database. They stand in the tables that Django's classes
read when a field is made, so that every form, formset, model form, and page of the admin site has them.
`aqad.lib.api.field_words` does the same for the fields of the API.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import validators
from django.db import models
from django.forms.formsets import BaseFormSet
from django.forms.models import InlineForeignKeyField, ModelChoiceField, ModelMultipleChoiceField
from django.utils.translation import gettext_lazy as _

REQUIRED = _("This field is required.")
CHOICE = _("Choose one from the list.")
CHOICES = _("One of these is not in the list. Choose from the list.")
WHOLE_NUMBER = _("Enter a whole number, such as 12.")
NUMBER = _("Enter a number, such as 12.50.")
DATE = _("Enter a date, such as 2026-12-31.")
TIME = _("Enter a time, such as 14:30.")
DATE_TIME = _("Enter a date and a time, such as 2026-12-31 14:30.")
DURATION = _("Enter how long in days, hours, minutes and seconds, such as 1 12:00:00.")
NO_FILE = _("Choose a file.")
EMPTY_FILE = _("This file is empty. Choose another one.")
LONG_FILE_NAME = _("The name of this file is too long. Give the file a shorter one.")
NO_PICTURE = _("This picture cannot be read. Choose a PNG, JPEG or WebP.")
WEB_ADDRESS = _("Enter a web address, such as https://aqad.example.")
EMAIL = _("Invalid email")
SLUG = _("Use letters, digits, hyphens and underscores only.")
JSON = _("This is not valid JSON.")
UNKNOWN_CODE = _("This is not a valid code.")
YES_OR_NO = _("Say yes or no.")
NO_TEXT = _("This holds a character that cannot be kept. Delete it, or type the text again.")
NETWORK_ADDRESS = _("Enter a network address, such as 192.0.2.7.")
ALREADY_THERE = _("There is one like this already.")
OUT_OF_DATE = _("This form is out of date. Load the page again and send it once more.")
INCOMPLETE = _("Fill in every part of this.")
MALFORMED = _("This is not in the form that is asked for here.")

_FORM_FIELDS: Mapping[Any, Mapping[str, Any]] = {
    forms.Field: {"required": REQUIRED},
    forms.IntegerField: {"invalid": WHOLE_NUMBER},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {"invalid": NUMBER},
    forms.DateField: {"invalid": DATE},
    forms.TimeField: {"invalid": TIME},
    forms.DateTimeField: {"invalid": DATE_TIME},
    forms.DurationField: {"invalid": DURATION, "overflow": DURATION},
    forms.FileField: {
        "invalid": NO_FILE,
        "missing": NO_FILE,
        "empty": EMPTY_FILE,
        "max_length": LONG_FILE_NAME,
        "contradiction": _("Choose a new file or delete the present one, not both."),
    },
    forms.ImageField: {"invalid_image": NO_PICTURE},
    forms.URLField: {"invalid": WEB_ADDRESS},
    forms.ChoiceField: {"invalid_choice": CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": CHOICES, "invalid_list": CHOICES},
    forms.MultiValueField: {"invalid": INCOMPLETE, "incomplete": INCOMPLETE},
    forms.SplitDateTimeField: {"invalid_date": DATE, "invalid_time": TIME},
    forms.UUIDField: {"invalid": UNKNOWN_CODE},
    forms.JSONField: {"invalid": JSON},
    ModelChoiceField: {"invalid_choice": CHOICE},
    ModelMultipleChoiceField: {
        "invalid_choice": CHOICES,
        "invalid_list": CHOICES,
        "invalid_pk_value": CHOICES,
    },
    InlineForeignKeyField: {"invalid_choice": OUT_OF_DATE},
    BaseFormSet: {
        "missing_management_form": OUT_OF_DATE,
        "too_many_forms": _("Send at most %(num)d lines."),
        "too_few_forms": _("Send at least %(num)d lines."),
    },
}

_MODEL_FIELDS: Mapping[Any, Mapping[str, Any]] = {
    models.Field: {
        "invalid_choice": CHOICE,
        "null": REQUIRED,
        "blank": REQUIRED,
        "unique": _("There is one with this %(field_label)s already."),
        "unique_for_date": _("There is one with this %(field_label)s on that day already."),
    },
    models.BooleanField: {"invalid": YES_OR_NO, "invalid_nullable": YES_OR_NO},
    models.DateField: {"invalid": DATE, "invalid_date": DATE},
    models.DateTimeField: {"invalid": DATE_TIME, "invalid_date": DATE_TIME, "invalid_datetime": DATE_TIME},
    models.TimeField: {"invalid": TIME, "invalid_time": TIME},
    models.DurationField: {"invalid": DURATION},
    models.DecimalField: {"invalid": NUMBER},
    models.FloatField: {"invalid": NUMBER},
    models.IntegerField: {"invalid": WHOLE_NUMBER},
    models.GenericIPAddressField: {"invalid": NETWORK_ADDRESS},
    models.UUIDField: {"invalid": UNKNOWN_CODE},
    models.JSONField: {"invalid": JSON},
    models.ForeignKey: {"invalid": CHOICE},
}

_VALIDATORS: Mapping[Any, Any] = {
    validators.RegexValidator: MALFORMED,
    validators.DomainNameValidator: WEB_ADDRESS,
    validators.URLValidator: WEB_ADDRESS,
    validators.EmailValidator: EMAIL,
    validators.BaseValidator: MALFORMED,
    validators.MaxValueValidator: _("This must be at most %(limit_value)s."),
    validators.MinValueValidator: _("This must be at least %(limit_value)s."),
    validators.StepValueValidator: _("This must be a multiple of %(limit_value)s."),
    validators.MinLengthValidator: _("This is too short: it needs at least %(limit_value)s characters."),
    validators.MaxLengthValidator: _(
        "This is too long: it has %(show_value)s characters, and at most %(limit_value)s are allowed."
    ),
    validators.FileExtensionValidator: _("Choose a file of one of these kinds: %(allowed_extensions)s."),
    validators.ProhibitNullCharactersValidator: NO_TEXT,
}


def use_our_words() -> None:
    """Call it before any model or form is made: a field takes its sentences when it is made."""
    for kind, words in {**_FORM_FIELDS, **_MODEL_FIELDS}.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **words}
    for validator, sentence in _VALIDATORS.items():
        validator.message = sentence
    figures: Any = validators.DecimalValidator
    figures.messages = {
        "invalid": NUMBER,
        "max_digits": _("Enter at most %(max)s digits."),
        "max_decimal_places": _("Enter at most %(max)s digits after the point."),
        "max_whole_digits": _("Enter at most %(max)s digits before the point."),
    }
    for made in (validators.validate_slug, validators.validate_unicode_slug):
        made.message = SLUG
    models.UniqueConstraint.default_violation_error_message = ALREADY_THERE
    models.CheckConstraint.default_violation_error_message = _("These do not fit together. Check them again.")
