"""What a reviewer fills in: the day a document ends, a note or reason, ready-made or in own words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aqad.lib.text.form_fields import DateField, FreeTextField, IntegerField
from vendors import reasons
from vendors.models import Vendor, VendorDocument


class SeenForm(forms.Form):
    """Carries the version that was looked at, so that nobody decides over another's decision."""

    seen = IntegerField(min_value=0, widget=forms.HiddenInput)

    def decision(self) -> dict[str, Any]:
        """What the service takes, of a valid form."""
        return self.cleaned_data

    def was_shown(self, sent: Any) -> bool:
        """Whether the mail of this very decision was on the screen."""
        return True

    def show(self) -> str:
        """The reason to show the mail with, noted in the form."""
        return ""

    def _sent(self) -> dict[str, Any]:
        return {name: self.data.get(name) for name in self.data}

    def look_again(self, version: int) -> None:
        """Keep what was typed, for somebody who now sees this version."""
        self.data = {**self._sent(), "seen": version}


class AcceptForm(SeenForm):
    expiry_date = DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("As you read it on the document."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, document: VendorDocument, data: Any = None, **initial: Any) -> None:
        expected = {"expiry_date": document.expiry_date, **initial}
        super().__init__(data, initial=expected, auto_id="accept_%s")
        if document.kind == VendorDocument.Kind.TRADE_LICENSE:
            self.fields["expiry_date"].required = True


class ReasonForm(SeenForm):
    """A ready-made reason, own words, or both."""

    ready = forms.ChoiceField(label=_("Ready-made reason"), required=False)
    words = FreeTextField(
        label=_("In your own words"),
        required=False,
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, ready: reasons.Reasons, data: Any = None, *, language: str, **initial: Any) -> None:
        super().__init__(data, initial=initial, auto_id="reject_%s")
        self._ready, self._language = ready, language
        self.fields["ready"].choices = [("", _("Choose one, or write below")), *ready.items()]  # type: ignore[attr-defined]
        self.fields["words"].widget.attrs["lang"] = language

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        chosen, own = values.get("ready", ""), values.get("words", "")
        if not self.errors and not chosen and not own:
            raise forms.ValidationError(_("Choose a reason or write one: the vendor reads it."))
        return values

    def decision(self) -> dict[str, Any]:
        return {"note": self.text, "seen": self.cleaned_data["seen"]}

    @property
    def text(self) -> str:
        """What the vendor reads, of a valid form."""
        chosen, own = self.cleaned_data["ready"], self.cleaned_data["words"]
        return reasons.written(self._ready, chosen, own, language=self._language)


class DecisionForm(ReasonForm):
    """The reason of a decision. `shown` is the reason of the mail that was last shown."""

    shown = FreeTextField(required=False, widget=forms.HiddenInput)

    def decision(self) -> dict[str, Any]:
        return {"reason": self.text, "seen": self.cleaned_data["seen"]}

    def was_shown(self, sent: Any) -> bool:
        return "send" in sent and self.cleaned_data["shown"] == self.text

    def show(self) -> str:
        self.data = {**self._sent(), "shown": self.text}
        return self.text


def decision_form(step: str, language: str, data: Any = None, **initial: Any) -> SeenForm:
    """A form with reasons where the step needs one."""
    if step in reasons.DECISIONS:
        return DecisionForm(reasons.DECISIONS[step], data, language=language, **initial)
    return SeenForm(data, initial=initial)


STEPS = {
    Vendor.Status.PENDING_APPROVAL: ("approve", "reject"),
    Vendor.Status.ACTIVE: ("suspend",),
    Vendor.Status.SUSPENDED: ("reinstate",),
}
