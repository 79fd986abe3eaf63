"""Ready-made reasons: chosen in the reviewer's language, written to the vendor in its own."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

Reasons = Mapping[str, Any]

DOCUMENT: Reasons = {
    "unreadable": _("The document cannot be read. Send a sharp scan or photo of the whole page."),
    "incomplete": _("A page or part of the document is missing. Send all of it."),
    "ran_out": _("The document has run out. Send the renewed one."),
    "wrong": _("This is another document than the one we ask for."),
    "name": _("The company's name on the document is not the one in the application."),
    "number": _("The number on the document is not the one in the application."),
    "foreign": _("The document was not issued by an authority of the United Arab Emirates."),
}
DECISIONS: Mapping[str, Reasons] = {
    "reject": {
        "documents": _("Please send the documents that are listed here again."),
        "details": _("The details of the company do not match its documents. Please correct them."),
        "known": _("This company is registered with us already. Sign in with the account that it has."),
        "activity": _("The licence does not allow trade in the goods that AQAD is for."),
    },
    "suspend": {
        "complaints": _("Retailers complained repeatedly about goods or service."),
        "papers": _("We have doubts about the company's documents."),
        "unanswered": _("Orders were left unanswered again and again."),
        "wish": _("The company asked for it."),
    },
}


def written(reasons: Reasons, chosen: str, own_words: str, *, language: str) -> str:
    """The chosen reason in the vendor's language, then what the reviewer adds; at most 1000 letters."""
    with translation.override(language):
        ready = str(reasons[chosen]) if chosen else ""
    return " ".join(part for part in (ready, own_words.strip()) if part)[:1000]
