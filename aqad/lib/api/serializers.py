"""Input that refuses what it does not know, and the fields every app takes."""

import re
import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from aqad.lib import gtin, uae
from aqad.lib.api import field_words
from aqad.lib.api.json import Unreadable, loads
from aqad.lib.api.texts import FigureField, FreeTextField, cleaned_or_refused
from aqad.lib.field_words import WHOLE_NUMBER
from aqad.lib.text.cleaning import clean_figure

MAX_AMOUNT = Decimal("9999999999.99")
MAX_QUANTITY = 1_000_000
MAX_CHOICES = 50  # values of one filter

field_words.use_our_words()
_made = threading.local()
_AMOUNT = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,2})?")
_WHOLE = re.compile(r"-?[0-9]{1,18}")


class Input(serializers.Serializer[Any]):
    """A request body. Unknown fields are refused under their own name.

    Forms (multipart) may send nested values as JSON text; their empty values count as not sent where the
    field is not a text.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, QueryDict):
            data = self._from_form(data)
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        writable = {name for name, field in self.fields.items() if not field.read_only}
        unknown = {str(name): [_("This field is not known.")] for name in data if name not in writable}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **unknown}) from error  # type: ignore[dict-item]
        if unknown:
            raise ValidationError(unknown)
        return values

    def _from_form(self, form: QueryDict) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in form:
            field = self.fields.get(name)
            nested = isinstance(
                field, serializers.BaseSerializer | serializers.ListField | serializers.DictField
            )
            value: Any = form[name]
            if nested and isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
                value = _read_nested(name, value)
            elif isinstance(field, serializers.ListField):
                value = form.getlist(name)
            if value == "" and not isinstance(field, serializers.CharField | None):
                continue
            values[name] = value
        return values


def checked(kind: type[serializers.Serializer[Any]], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """The values of `data`, as `kind` checks them; `partial` asks only for what is there.

    Raises ValidationError. A serializer is made once for each thread: to copy its fields takes longer than to
    check what came. It must therefore not depend on a context.
    """
    made: dict[Any, serializers.Serializer[Any]] = _made.__dict__
    if (kind, partial) not in made:
        made[kind, partial] = kind(partial=partial)
    return dict(made[kind, partial].run_validation(data))


def _read_nested(name: str, text: str) -> Any:
    try:
        return loads(text)
    except Unreadable as error:
        raise ValidationError(
            {name: [_("This is not valid JSON: %(reason)s.") % {"reason": error}]}
        ) from error


class ReasonInput(Input):
    """Why somebody refuses, ends or suspends something; the one concerned reads it."""

    reason = FreeTextField(max_length=1000)


class _NormalField(FigureField):
    """A short figure that one function brings into its normal form or refuses."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(**kwargs)

    def normalise(self, text: str) -> str:
        raise NotImplementedError

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not text:
            return text
        try:
            return self.normalise(text)
        except ValueError:
            self.fail("invalid")


@extend_schema_field({"type": "string", "example": "+971501234567"})
class PhoneField(_NormalField):
    """A telephone number, kept in E.164; without a country code it is one of the UAE."""

    default_error_messages = {"invalid": _("Enter a valid telephone number.")}

    def normalise(self, text: str) -> str:
        return uae.normalise_phone(text)


@extend_schema_field({"type": "string", "pattern": r"^1[0-9]{12}03$", "example": "100123456700003"})
class TrnField(_NormalField):
    """A tax registration number of the UAE."""

    default_error_messages = {"invalid": _("A TRN has 15 digits, begins with 1 and ends with 03.")}

    def normalise(self, text: str) -> str:
        digits = re.sub(r"[\s-]", "", text)
        if not uae.is_trn(digits):
            raise ValueError(text)
        return digits


@extend_schema_field({"type": "string", "example": "6291003000003"})
class GtinField(_NormalField):
    """A barcode number: GTIN-8, -12, -13 or -14."""

    default_error_messages = {"invalid": _("This is not a valid barcode number.")}

    def normalise(self, text: str) -> str:
        return gtin.normalise(text)


class EmirateField(serializers.ChoiceField):
    """An emirate by its code, such as `DXB`."""

    default_error_messages = {
        "invalid_choice": _("Choose one of the seven emirates by its code, such as DXB.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=uae.EMIRATES, **kwargs)


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "example": "45.00"})
class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """An amount in AED with at most two places, a text or a number; bounds inclusive."""

    default_error_messages = {
        "invalid": _("Enter an amount with at most two decimal places."),
        "min_value": _("This must be at least {min_value}."),
        "max_value": _("This must be at most {max_value}."),
    }

    def __init__(
        self, *, min_value: Decimal = Decimal("0.00"), max_value: Decimal = MAX_AMOUNT, **kwargs: Any
    ) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        data = cleaned_or_refused(clean_figure, data)
        text = "" if isinstance(data, bool) else str(data).strip()
        if not isinstance(data, str | int | float | Decimal) or not _AMOUNT.fullmatch(text):
            self.fail("invalid")
        amount = Decimal(text) + 0  # "-0" becomes 0
        if amount < self.min_value:
            self.fail("min_value", min_value=self.min_value)
        if amount > self.max_value:
            self.fail("max_value", max_value=self.max_value)
        return amount

    def to_representation(self, value: Any) -> str:
        return f"{Decimal(value):.2f}"


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY})
class QuantityField(serializers.Field[Any, Any, Any, Any]):
    """A whole number of sales units, 1 to 1,000,000 unless said otherwise; bounds inclusive."""

    default_error_messages = {
        "invalid": WHOLE_NUMBER,
        "min_value": _("This must be at least {min_value}."),
        "max_value": _("This must be at most {max_value}."),
    }

    def __init__(self, *, min_value: int = 1, max_value: int = MAX_QUANTITY, **kwargs: Any) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        data = cleaned_or_refused(clean_figure, data)
        text = "" if isinstance(data, bool) else str(data).strip()
        if not isinstance(data, str | int) or not _WHOLE.fullmatch(text):
            self.fail("invalid")
        number = int(text)
        if number < self.min_value:
            self.fail("min_value", min_value=self.min_value)
        if number > self.max_value:
            self.fail("max_value", max_value=self.max_value)
        return number

    def to_representation(self, value: Any) -> int:
        return int(value)


class AnyOfField(serializers.ListField):
    """A parameter that may be repeated, `brand=pepsi&brand=almarai`: its values once each, in one order.

    Empty values are left out, and what is wrong with one is said of the parameter.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_CHOICES, **kwargs)

    def to_internal_value(self, data: Any) -> tuple[Any, ...]:  # type: ignore[override]
        given = [one for one in data if one != ""] if isinstance(data, list) else data
        return tuple(sorted(set(super().to_internal_value(given))))

    def run_child_validation(self, data: Any) -> list[Any]:
        values, wrong = [], []
        for one in data:
            try:
                values.append(self.child.run_validation(one))
            except ValidationError as error:
                wrong += [text for text in error.detail if text not in wrong]
        if wrong:
            raise ValidationError(wrong)
        return values
