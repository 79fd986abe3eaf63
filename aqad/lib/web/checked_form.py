"""Forms that leave the rules to the API's serializers, so that a page and the API can never disagree."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from rest_framework import serializers

from aqad.lib.errors import DomainError, Unavailable


class CheckedForm(forms.Form):
    """A form whose fields say how they look; what is right, `serializer` decides.

    `checked` holds the serializer's values once the form is valid. A nested field `address.line1` is the form
    field `address_line1`. Empty optional fields count as not sent.
    """

    serializer: ClassVar[type[serializers.Serializer[Any]]]
    nested: ClassVar[tuple[str, ...]] = ()
    checked: dict[str, Any]
    is_unavailable = False  # nothing sent is at fault: what was needed to check it is down or busy

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        checked = self.serializer(data=self._sent(values))
        try:
            if checked.is_valid():
                self.checked = dict(checked.validated_data)
            else:
                self._show(checked.errors)
        except DomainError as error:  # an e-mail that is taken is found before files are read
            self.refuse(error)
        return values

    def refuse(self, error: DomainError) -> None:
        """Put what the domain refused beside the fields it names, or above the form."""
        self.is_unavailable = isinstance(error, Unavailable)
        self._show(error.errors or {"": [str(error.message)]})

    def _sent(self, values: Mapping[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        for name, value in values.items():
            outer = next((outer for outer in self.nested if name.startswith(f"{outer}_")), "")
            if value in (None, ""):
                continue
            if outer:
                sent.setdefault(outer, {})[name.removeprefix(f"{outer}_")] = value
            elif name in self.serializer().fields:
                sent[name] = value
        return sent

    def _show(self, errors: Mapping[str, Any]) -> None:
        """Each sentence beside its field; what has no field here above the form. A field says one thing."""
        for name, sentences in _flat(errors):
            if name not in self.fields:
                self.add_error(None, sentences)
            elif name not in self.errors:
                self.add_error(name, sentences)


def _flat(errors: Mapping[str, Any], outer: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, found in errors.items():
        if isinstance(found, Mapping):
            yield from _flat(found, f"{outer}{name}_")
        else:
            yield f"{outer}{name}", [str(sentence) for sentence in found]
